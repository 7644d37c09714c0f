using System.Diagnostics;

namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>Publishes the programs as they are deployed.</summary>
internal static class Publishing
{
    public const string StandaloneAot = "standalone-aot";
    public const string StandaloneR2R = "standalone-r2r";
    public const string WorkerR2R = "worker-r2r";

    public static async Task AllAsync(string folder, CancellationToken cancellationToken)
    {
        await PublishAsync("functions/Standalone/Standalone.csproj", Path.Combine(folder, StandaloneAot), [], cancellationToken);
        await PublishAsync(
            "functions/Standalone/Standalone.csproj",
            Path.Combine(folder, StandaloneR2R),
            ["-p:PublishAot=false", "-p:PublishReadyToRun=true", "-p:SelfContained=false"],
            cancellationToken);
        await WorkerAsync(folder, cancellationToken);
    }

    public static Task WorkerAsync(string folder, CancellationToken cancellationToken) =>
        PublishAsync("functions/Worker/Worker.csproj", Path.Combine(folder, WorkerR2R), [], cancellationToken);

    private static async Task PublishAsync(string project, string output, string[] more, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Publishing {Path.GetFileName(output)} …");
        var start = new ProcessStartInfo("dotnet", ["publish", Path.Combine(Root(), project), "-c", "Release", "-r", "linux-x64", "-o", output, "-v", "q", .. more])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Publishing {project} failed:\n{said}");
        }
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessRec.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The benchmarks do not lie below the repository.");
    }
}
