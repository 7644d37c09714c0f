using System.Diagnostics;
using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Durability;

/// <summary>A `train` that is killed with -9 goes on from its checkpoint when it is run again, and publishes.</summary>
public sealed class TrainingKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverlessrec-train-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_killed_training_goes_on_and_publishes()
    {
        var (data, store, kept) = (Path.Combine(_folder, "data"), Path.Combine(_folder, "store"), Path.Combine(_folder, "kept"));
        await ChildProcess.RunAsync("dotnet", [Repository.Training, "demo-data", "--out", data, "--users", "400", "--items", "400", "--days", "10"]);
        string[] train = [Repository.Training, "train", "--data", data, "--store", store, "--checkpoint", kept, "--epochs", "30", "--force"];
        await using (var killed = ChildProcess.Start("dotnet", train))
        {
            await Waiting.UntilAsync("an epoch is kept", () =>
            {
                Assert.False(killed.HasExited, killed.Output);
                return Directory.Exists(kept) && Directory.EnumerateFiles(kept, "*.checkpoint").Any();
            });
            using var process = Process.GetProcessById(killed.Id);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.False(File.Exists(Path.Combine(store, "blobs", "current.json")));
        var said = await ChildProcess.RunAsync("dotnet", train);
        Assert.Contains("Going on from the checkpoint of a run that was ended.", said, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(store, "blobs", "current.json")));
        Assert.Empty(Directory.EnumerateFiles(kept, "*.checkpoint"));
    }
}
