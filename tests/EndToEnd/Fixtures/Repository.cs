using System.Reflection;

namespace ServerlessRec.EndToEnd.Fixtures;

/// <summary>Where this checkout lies, and what was built from it.</summary>
internal static class Repository
{
    private static readonly string Configuration =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    public static string Root { get; } = FindRoot();

    public static string Standalone { get; } = Built("functions/Standalone", "Standalone");

    public static string Worker { get; } = Built("functions/Worker", "Worker");

    public static string Training { get; } = Built("training", "Training");

    private static string Built(string folder, string project) =>
        Path.Combine(Root, folder, "bin", Configuration, "net10.0", $"ServerlessRec.{project}.dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessRec.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not lie below the repository.");
    }
}
