using System.Diagnostics;
using ServerlessRec.CrashWriter;

namespace ServerlessRec.Embedded.Tests.Durability;

/// <summary>A writing process that is killed (-9) after some acknowledgements.</summary>
internal static class KilledWriter
{
    /// <summary>Runs the writer, kills it in the middle of its work after at least <paramref name="acknowledged"/> lines, returns all its lines.</summary>
    public static Task<string[]> RunAsync(string verb, string folder, int acknowledged, CancellationToken cancellationToken, int first = 0) =>
        RunAsync([verb, folder, $"{first}"], acknowledged, cancellationToken);

    /// <summary>The same with all arguments of the writer.</summary>
    public static async Task<string[]> RunAsync(string[] arguments, int acknowledged, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(UserWriter).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        try
        {
            var lines = new List<string>();
            while (lines.Count < acknowledged && await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                lines.Add(line);
            }

            process.Kill();
            var rest = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            Assert.True(lines.Count == acknowledged, "The writer ended by itself; see its error output.");

            // The last line may be half written: then it was no acknowledgement.
            return [.. lines, .. rest.Split('\n')[..^1]];
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
