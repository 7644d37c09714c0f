using System.Diagnostics;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>A store with a release of the real towers: the one that is named, or one trained on demo data on the spot.</summary>
internal static class TrainedStore
{
    /// <summary>Copies the release of <paramref name="store"/> into <paramref name="folder"/>, or trains one there.</summary>
    public static async Task PrepareAsync(string? store, string folder, CancellationToken cancellationToken)
    {
        if (store is not null)
        {
            CopyFolder(Path.Combine(store, "blobs"), Path.Combine(folder, "blobs"));
            return;
        }

        var data = Path.Combine(folder, "demo-data");
        await TrainingAsync(["demo-data", "--out", data, "--users", "600", "--items", "2000", "--days", "6"], cancellationToken);
        await TrainingAsync(["train", "--data", data, "--store", folder, "--epochs", "2"], cancellationToken);
        File.Delete(Path.Combine(folder, "users.db"));
    }

    /// <summary>Runs a verb of the training program; throws when it fails.</summary>
    public static async Task TrainingAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Dataset).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"training {arguments[0]} ended with {process.ExitCode}: {await errors}");
        }
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.EnumerateDirectories(from))
        {
            CopyFolder(directory, Path.Combine(to, Path.GetFileName(directory)));
        }

        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
