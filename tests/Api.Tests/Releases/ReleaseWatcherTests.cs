using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Api.Releases;
using ServerlessRec.Api.Tests.Fixtures;
using ServerlessRec.Embedded.Blobs;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Api.Tests.Releases;

public sealed class ReleaseWatcherTests
{
    [Fact]
    public async Task A_look_that_fails_in_whatever_way_keeps_the_old_release_and_the_next_look_comes()
    {
        var folder = Directory.CreateTempSubdirectory("serverlessrec-watch-").FullName;
        var blobs = new FolderBlobStore(folder, TimeProvider.System);
        var old = await TinyRelease.PublishAsync(blobs);
        var (store, faults) = FaultyBlobs.Before(blobs);
        using var holder = new ReleaseHolder(store, TimeProvider.System, NullLogger<ReleaseHolder>.Instance);
        using var watcher = new ReleaseWatcher(holder, TimeProvider.System, TimeSpan.FromMilliseconds(5), NullLogger<ReleaseWatcher>.Instance);
        await watcher.StartAsync(TestContext.Current.CancellationToken);
        await HotSwapTests.WaitForAsync(() => Task.FromResult(holder.Manifest?.Id == old));

        foreach (var fault in new Exception[] { new IOException("the disk"), new InvalidDataException("a file is damaged") })
        {
            faults.Fail(fault, 3);
            await HotSwapTests.WaitForAsync(() => Task.FromResult(faults.FaultsLeft <= 0));
            Assert.Equal(old, holder.Manifest!.Id);
            Assert.False(watcher.ExecuteTask!.IsCompleted);
        }

        var next = await TinyRelease.PublishAsync(blobs);
        await HotSwapTests.WaitForAsync(() => Task.FromResult(holder.Manifest!.Id == next));
        await watcher.StopAsync(CancellationToken.None);
        Directory.Delete(folder, recursive: true);
    }
}
