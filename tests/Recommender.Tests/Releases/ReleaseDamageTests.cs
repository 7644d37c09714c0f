using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Tests.Doubles;

namespace ServerlessRec.Recommender.Tests.Releases;

public sealed class ReleaseDamageTests
{
    private readonly InMemoryBlobStore _blobs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("manifest.json", 1)]
    [InlineData("features.json", 1)]
    [InlineData("user-tower.onnx", 1)]
    [InlineData("item-tower.onnx", 1)]
    [InlineData("items.bin", 31)]
    [InlineData("index.snapshot", 31)]
    public async Task A_flipped_byte_is_refused_with_the_files_name_and_the_old_release_keeps_serving(string file, int step)
    {
        using var holder = Holder();
        var old = await PublishAsync(20);
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
        var next = await PublishAsync(25);
        var bytes = _blobs.Get(ReleasePaths.File(next, file));
        for (var at = 0; at < bytes.Length; at += step)
        {
            bytes[at] ^= (byte)(1 << (at % 8));
            _blobs.Put(ReleasePaths.Current, _blobs.Get(ReleasePaths.Current));
            Assert.Equal(RefreshOutcome.Refused, await holder.RefreshAsync(Cancel));
            Assert.Contains(file, holder.Problem, StringComparison.Ordinal);
            Assert.Equal(old, holder.Manifest!.Id);
            bytes[at] ^= (byte)(1 << (at % 8));
        }

        _blobs.Put(ReleasePaths.Current, _blobs.Get(ReleasePaths.Current));
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
        Assert.Null(holder.Problem);
        Assert.Equal(next, holder.Manifest!.Id);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("features.json")]
    [InlineData("user-tower.onnx")]
    [InlineData("item-tower.onnx")]
    [InlineData("items.bin")]
    [InlineData("index.snapshot")]
    public async Task A_missing_shorter_longer_or_empty_file_is_refused_with_its_name(string file)
    {
        using var holder = Holder();
        var old = await PublishAsync(20);
        await holder.RefreshAsync(Cancel);
        var path = ReleasePaths.File(await PublishAsync(25), file);
        var bytes = _blobs.Get(path);
        foreach (var damaged in (byte[]?[])[bytes[..^1], [.. bytes, 0], [], bytes[..(bytes.Length / 2)], null])
        {
            if (damaged is null)
            {
                await _blobs.DeleteAsync(path, Cancel);
            }
            else
            {
                _blobs.Put(path, damaged);
            }

            _blobs.Put(ReleasePaths.Current, _blobs.Get(ReleasePaths.Current));
            Assert.Equal(RefreshOutcome.Refused, await holder.RefreshAsync(Cancel));
            Assert.True(
                holder.Problem!.Contains(file, StringComparison.Ordinal) || (damaged is null && file == ReleasePaths.ManifestName), holder.Problem);
            Assert.Equal(old, holder.Manifest!.Id);
        }
    }

    [Fact]
    public async Task A_flipped_byte_in_the_pointer_never_stops_what_serves()
    {
        using var holder = Holder();
        await PublishAsync(20);
        await PublishAsync(25);
        await holder.RefreshAsync(Cancel);
        var good = _blobs.Get(ReleasePaths.Current);
        for (var at = 0; at < good.Length; at++)
        {
            var bad = good.ToArray();
            bad[at] ^= (byte)(1 << (at % 8));
            _blobs.Put(ReleasePaths.Current, bad);
            await holder.RefreshAsync(Cancel);
            using var serving = holder.Acquire();
            Assert.Equal(25, serving.Items.Count);
        }
    }

    [Fact]
    public async Task A_process_that_starts_with_a_damaged_release_serves_the_one_before_and_says_so()
    {
        var old = await PublishAsync(20);
        _blobs.Get(ReleasePaths.File(await PublishAsync(25), "items.bin"))[99] ^= 1;
        using var holder = Holder();
        Assert.Equal(RefreshOutcome.Refused, await holder.RefreshAsync(Cancel));
        Assert.Equal(old, holder.Manifest!.Id);
        Assert.Contains("items.bin", holder.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_contradict_each_other_are_refused()
    {
        var one = await PublishAsync(20);
        var two = await PublishAsync(25);
        var path = ReleasePaths.Manifest(two);
        var manifest = ReleaseManifestJson.Read(_blobs.Get(path));
        var swapped = ReleaseManifestJson.Read(_blobs.Get(ReleasePaths.Manifest(one))).Files.Single(f => f.Name == "items.bin");
        _blobs.Put(ReleasePaths.File(two, "items.bin"), _blobs.Get(ReleasePaths.File(one, "items.bin")));
        _blobs.Put(path, ReleaseManifestJson.Write(manifest with { Files = [.. manifest.Files.Where(f => f.Name != "items.bin"), swapped] }));
        Assert.Equal("items.bin", (await Assert.ThrowsAsync<ReleaseDamagedException>(() => new ReleaseLoader(_blobs).LoadAsync(two, cancellationToken: Cancel))).FileName);
    }

    [Fact]
    public async Task A_store_that_is_away_is_no_damage_and_the_next_refresh_loads()
    {
        using var holder = Holder();
        await PublishAsync(20);
        _blobs.BeforeCall = (call, path) =>
        {
            if (call == "range")
            {
                throw new BlobStoreException("away");
            }
        };
        await Assert.ThrowsAsync<BlobStoreException>(() => holder.RefreshAsync(Cancel));
        Assert.Null(holder.Problem);
        Assert.Throws<ReleaseNotLoadedException>(() => holder.Acquire());
        _blobs.BeforeCall = null;
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
    }

    [Fact]
    public async Task A_request_finishes_on_the_release_it_began_with()
    {
        using var holder = Holder();
        var old = await PublishAsync(20);
        await holder.RefreshAsync(Cancel);
        var acquired = holder.Acquire();
        await PublishAsync(25);
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
        Assert.Equal(old, acquired.Id);
        Assert.Equal("item-19", acquired.Items.Id(19));
        acquired.Dispose();
        Assert.False(acquired.TryAcquire());
        using var current = holder.Acquire();
        Assert.Equal(25, current.Items.Count);
    }

    [Fact]
    public async Task Nothing_published_is_an_outcome_and_not_an_error()
    {
        using var holder = Holder();
        Assert.Equal(RefreshOutcome.NothingPublished, await holder.RefreshAsync(Cancel));
        Assert.False(holder.IsReady);
    }

    private ReleaseHolder Holder() => new(_blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance);

    private async Task<string> PublishAsync(int items) =>
        (await new ReleaseStore(_blobs, TimeProvider.System).PublishAsync(TestCatalogue.Draft(items), null, Cancel)).Id;
}
