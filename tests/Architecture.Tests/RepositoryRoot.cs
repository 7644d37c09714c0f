namespace ServerlessRec.Architecture.Tests;

internal static class RepositoryRoot
{
    /// <summary>The folder that holds ServerlessRec.sln, above the running test.</summary>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessRec.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("ServerlessRec.sln is in no folder above the tests.");
    }
}
