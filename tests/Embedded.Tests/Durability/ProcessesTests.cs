using System.Diagnostics;
using System.Text;
using ServerlessRec.CrashWriter;

namespace ServerlessRec.Embedded.Tests.Durability;

public sealed class ProcessesTests : IDisposable
{
    private const int Processes = 3;
    private const int Times = 60;
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Several_processes_that_write_the_same_blob_user_and_log_lose_nothing()
    {
        var processes = Enumerable.Range(0, Processes).Select(_ => Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(Counter).Assembly.Location, "count", _folder.Path, $"{Times}"]))!).ToArray();
        foreach (var process in processes)
        {
            await process.WaitForExitAsync(Cancel);
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        using var store = EmbeddedStore.Open(_folder.Path, TimeProvider.System);
        var blob = await store.Blobs.ReadAsync(Counter.Blob, Cancel);
        Assert.Equal($"{Processes * Times}", Encoding.ASCII.GetString(blob!.Bytes.Span));
        Assert.Equal($"{Processes * Times}", (await store.Users.ReadAsync(Counter.User, Cancel))!.State.User.Comment);
        var log = await store.Blobs.ReadAsync(Counter.Log, Cancel);
        var lines = Encoding.ASCII.GetString(log!.Bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Processes * Times, lines.Distinct().Count());
    }
}
