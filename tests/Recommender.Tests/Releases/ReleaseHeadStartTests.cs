using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Tests.Doubles;

namespace ServerlessRec.Recommender.Tests.Releases;

/// <summary>A load that begins while the process starts serves as one that the holder began.</summary>
public sealed class ReleaseHeadStartTests
{
    private readonly InMemoryBlobStore _blobs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_look_takes_the_release_over_and_later_ones_load_for_themselves()
    {
        var first = await PublishAsync(20);
        await using var headStart = ReleaseHeadStart.Begin(_blobs, TimeProvider.System);
        using var holder = Holder(headStart);
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
        Assert.Equal(first, holder.Manifest!.Id);
        Assert.Null(await headStart.TakeAsync(first, Cancel));

        var second = await PublishAsync(25);
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
        Assert.Equal(second, holder.Manifest!.Id);
    }

    [Fact]
    public async Task What_was_loaded_early_needs_no_second_read()
    {
        var id = await PublishAsync(20);
        await using var headStart = ReleaseHeadStart.Begin(_blobs, TimeProvider.System);
        var loaded = await headStart.TakeAsync(id, Cancel);
        Assert.NotNull(loaded);
        using var release = loaded.Value.Release;
        Assert.Equal((id, 20), (release.Id, release.Items.Count));
    }

    [Fact]
    public async Task A_release_that_is_not_current_any_more_is_given_up()
    {
        var old = await PublishAsync(20);
        await using var headStart = ReleaseHeadStart.Begin(_blobs, TimeProvider.System);
        var next = await PublishAsync(25);
        using var holder = Holder(headStart);
        await holder.RefreshAsync(Cancel);
        Assert.Equal(next, holder.Manifest!.Id);
        Assert.NotEqual(old, next);
    }

    [Fact]
    public async Task A_damaged_release_is_told_by_the_holder_which_falls_back()
    {
        var good = await PublishAsync(20);
        var bad = await PublishAsync(25);
        _blobs.Get(ReleasePaths.File(bad, ReleasePaths.IndexName))[500] ^= 4;
        await using var headStart = ReleaseHeadStart.Begin(_blobs, TimeProvider.System);
        using var holder = Holder(headStart);
        Assert.Equal(RefreshOutcome.Refused, await holder.RefreshAsync(Cancel));
        Assert.Equal(good, holder.Manifest!.Id);
        Assert.Contains(ReleasePaths.IndexName, holder.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_published_or_given_up_leaves_the_load_to_the_holder()
    {
        await using var early = ReleaseHeadStart.Begin(_blobs, TimeProvider.System);
        using var holder = Holder(early);
        Assert.Equal(RefreshOutcome.NothingPublished, await holder.RefreshAsync(Cancel));
        var id = await PublishAsync(20);
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));

        var given = ReleaseHeadStart.Begin(_blobs, TimeProvider.System);
        await given.DisposeAsync();
        using var other = Holder(given);
        Assert.Equal(RefreshOutcome.Swapped, await other.RefreshAsync(Cancel));
        Assert.Equal(id, other.Manifest!.Id);
    }

    private ReleaseHolder Holder(ReleaseHeadStart headStart) => new(_blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance, headStart);

    private async Task<string> PublishAsync(int items) =>
        (await new ReleaseStore(_blobs, TimeProvider.System).PublishAsync(TestCatalogue.Draft(TestCatalogue.Rows(items)), cancellationToken: Cancel)).Id;
}
