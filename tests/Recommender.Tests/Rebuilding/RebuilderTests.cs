using System.Globalization;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Tests.Serving;

namespace ServerlessRec.Recommender.Tests.Rebuilding;

public sealed class RebuilderTests
{
    private static readonly RebuildOptions Options = new() { Threads = 1, RecallQueries = 20, WaitForOthers = TimeSpan.Zero };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_takes_the_changes_in_and_answers_as_the_overlay_did()
    {
        using var world = await ServingWorld.CreateAsync(100);
        using var log = new CatalogueLog(world.Blobs);
        var old = world.Holder.Manifest!;
        world.AddUser("u", 3);
        await new CatalogueService(log, world.Holder).WriteAsync(
            [
                CatalogueChange.Put(world.Rows[3].Item with { ItemId = "twin" }),
                CatalogueChange.Delete("item-0"),
                CatalogueChange.PatchItem("item-1", new ItemPatch { IsHidden = true, Comment = "Moved", LabelsJson = world.Rows[50].Item.LabelsJson }),
            ],
            Cancel);
        var before = await world.Service.RecommendAsync("u", new RecommendQuery { Count = 50 }, Cancel);
        var outcome = await RebuildAsync(world);
        Assert.Equal((RebuildResult.Published, 100, 3), (outcome.Result, outcome.Items, outcome.Changes));
        Assert.Equal(1, outcome.Recall);
        Assert.Equal(RefreshOutcome.Swapped, await world.Holder.RefreshAsync(Cancel));
        var manifest = world.Holder.Manifest!;
        Assert.Equal((outcome.ReleaseId, "rebuild", old.TowerVersion, .25), (manifest.Id, manifest.Origin, manifest.TowerVersion, manifest.Metrics["model.ndcg@10"]));
        var after = await world.Service.RecommendAsync("u", new RecommendQuery { Count = 50 }, Cancel);
        Assert.Equal(before.Items.Select(i => i.Id), after.Items.Select(i => i.Id));
        using (var release = world.Holder.Acquire())
        {
            Assert.Equal(0, release.Catalogue.ChangeCount);
            Assert.True(release.Items.TryFind("twin", out _));
            Assert.False(release.Items.TryFind("item-0", out _));
            Assert.True(release.Items.TryFind("item-5", out var row));
            Assert.Equal(6, release.Items.Read(row).IdIndex);
        }

        await new CatalogueService(log, world.Holder).WriteAsync([CatalogueChange.PatchItem("item-1", new ItemPatch { IsHidden = false })], Cancel);
        Assert.Equal("item-1", (await world.Service.NeighborsAsync("item-50", new RecommendQuery(), Cancel))!.Items[0].Id);
    }

    [Fact]
    public async Task Without_changes_nothing_is_published_and_without_a_release_it_says_so()
    {
        using var world = await ServingWorld.CreateAsync(30);
        Assert.Equal(RebuildResult.UpToDate, (await RebuildAsync(world)).Result);
        Assert.Equal(RebuildResult.Published, (await new Rebuilder(world.Blobs, Options, TimeProvider.System).RunAsync(true, null, Cancel)).Result);
        Assert.Equal(RebuildResult.UpToDate, (await RebuildAsync(world)).Result);
        Assert.Equal(RebuildResult.NoRelease, (await new Rebuilder(new InMemoryBlobStore(), Options, TimeProvider.System).RunAsync(false, null, Cancel)).Result);
    }

    [Fact]
    public async Task A_release_that_misses_a_gate_does_not_serve()
    {
        using var world = await ServingWorld.CreateAsync(2000);
        using var log = new CatalogueLog(world.Blobs);
        await log.AppendAsync([CatalogueChange.Delete("item-0")], Cancel);
        var strict = Options with { RecallFloor = 1, EfSearch = 10, RecallQueries = 200 };
        var refused = await new Rebuilder(world.Blobs, strict, TimeProvider.System).RunAsync(false, null, Cancel);
        Assert.Equal(RebuildResult.Refused, refused.Result);
        Assert.Contains("Recall", refused.Reason, StringComparison.Ordinal);
        await log.AppendAsync([.. Enumerable.Range(0, 1100).Select(i => CatalogueChange.Delete($"item-{i}"))], Cancel);
        Assert.Contains("900 items would be left", (await RebuildAsync(world)).Reason, StringComparison.Ordinal);
        Assert.Equal(RefreshOutcome.Unchanged, await world.Holder.RefreshAsync(Cancel));
    }

    [Fact]
    public async Task A_kill_at_any_call_leaves_a_release_serving_and_the_next_rebuild_works()
    {
        using var world = await ServingWorld.CreateAsync(30);
        using var log = new CatalogueLog(world.Blobs);
        await log.AppendAsync([CatalogueChange.Put(world.Rows[3].Item with { ItemId = "twin" })], Cancel);
        var kills = 0;
        for (var survived = false; !survived; kills++)
        {
            var calls = 0;
            world.Blobs.BeforeCall = (_, _) =>
            {
                if (Interlocked.Increment(ref calls) > kills)
                {
                    throw new BlobStoreException("killed");
                }
            };
            survived = await Record.ExceptionAsync(() => RebuildAsync(world)) is null;
            world.Blobs.BeforeCall = null;
            world.Blobs.ExpireLeases();
            await world.Holder.RefreshAsync(Cancel);
            await world.Holder.FollowCatalogueAsync(Cancel);
            Assert.Null(world.Holder.Problem);
            Assert.Equal("twin", (await world.Service.NeighborsAsync("item-3", new RecommendQuery(), Cancel))!.Items[0].Id);
        }

        Assert.True(kills > 25, $"only {kills} calls were killed");
        await log.AppendAsync([CatalogueChange.Delete("twin")], Cancel);
        Assert.Equal(RebuildResult.Published, (await RebuildAsync(world)).Result);
        var folders = world.Blobs.Paths.Select(ReleasePaths.ReleaseOf).Where(id => id is not null).ToHashSet();
        Assert.All(folders, id => Assert.Contains(ReleasePaths.Manifest(id!), world.Blobs.Paths));
        Assert.InRange(folders.Count, 1, 8);
    }

    [Fact]
    public async Task Of_two_rebuilders_one_works_and_the_other_finds_nothing_left_to_do()
    {
        using var world = await ServingWorld.CreateAsync(50);
        using var log = new CatalogueLog(world.Blobs);
        await log.AppendAsync([CatalogueChange.Delete("item-0")], Cancel);
        var patient = new Rebuilder(world.Blobs, Options with { WaitForOthers = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        var outcomes = await Task.WhenAll(patient.RunAsync(false, null, Cancel), Task.Run(() => patient.RunAsync(false, null, Cancel), Cancel));
        Assert.Equal([RebuildResult.Published, RebuildResult.UpToDate], outcomes.Select(o => o.Result).Order());
        var lease = await world.Blobs.TryAcquireLeaseAsync("rebuild", TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(RebuildResult.Overtaken, (await RebuildAsync(world)).Result);
        await lease!.DisposeAsync();
    }

    [Fact]
    public async Task A_release_promoted_while_a_rebuild_ran_is_not_replaced_by_it()
    {
        using var world = await ServingWorld.CreateAsync(40);
        await world.PublishAsync(TestCatalogue.Rows(50));
        using var log = new CatalogueLog(world.Blobs);
        await log.AppendAsync([CatalogueChange.Delete("item-0")], Cancel);
        ReleaseManifest? rolledBackTo = null;
        world.Blobs.BeforeCall = (call, path) =>
        {
            if (rolledBackTo is null && call == "write" && path.EndsWith(ReleasePaths.ManifestName, StringComparison.Ordinal))
            {
                world.Blobs.BeforeCall = null;
                rolledBackTo = new ReleaseStore(world.Blobs, TimeProvider.System).RollbackAsync(Cancel).GetAwaiter().GetResult();
            }
        };
        Assert.Equal(RebuildResult.Overtaken, (await RebuildAsync(world)).Result);
        Assert.Equal(rolledBackTo!.Id, (await new ReleaseStore(world.Blobs, TimeProvider.System).ReadCurrentAsync(Cancel))!.Current);
    }

    [Fact]
    public async Task Training_reads_the_catalogue_as_it_is_now_with_its_log_position()
    {
        using var world = await ServingWorld.CreateAsync(10);
        using var log = new CatalogueLog(world.Blobs);
        var end = await log.AppendAsync(
            [CatalogueChange.Put(new Item { ItemId = "new" }), CatalogueChange.Delete("item-2"), CatalogueChange.AddCategory("item-1", "Added")], Cancel);
        var catalogue = await CurrentCatalogue.ReadAsync(world.Blobs, Cancel);
        Assert.Equal(end, catalogue.LogPosition);
        Assert.Equal([.. Enumerable.Range(0, 10).Where(i => i != 2).Select(i => $"item-{i}"), "new"], catalogue.Rows.Select(r => r.Item.ItemId));
        Assert.Contains("Added", catalogue.Rows[1].Item.Categories);
        Assert.Empty((await CurrentCatalogue.ReadAsync(new InMemoryBlobStore(), Cancel)).Rows);
    }

    [Fact]
    public void Popularity_halves_in_a_half_life_and_new_events_count_more_than_old_ones()
    {
        var (since, now) = (TestCatalogue.Start, TestCatalogue.Start.AddDays(14));
        var popularity = new PopularityDecay(since, now, TimeSpan.FromDays(7));
        popularity.Add("a", now);
        popularity.Add("a", now.AddDays(-7));
        popularity.Add("a", now.AddDays(1));
        Assert.Equal((8 / 4f) + 1 + .5f + 1, popularity.Apply(new CatalogueRow(new Item { ItemId = "a" }, 0, 8)).Popularity, 1e-5f);
        Assert.Equal(2f, popularity.Apply(new CatalogueRow(new Item { ItemId = "b" }, 0, 8)).Popularity, 1e-5f);
        Assert.Equal(3, popularity.Events);
    }

    [Fact]
    public async Task Feedback_of_the_archive_raises_popularity_and_a_no_does_not()
    {
        using var world = await ServingWorld.CreateAsync(30);
        var clock = new LaterClock(TimeSpan.FromHours(3));
        var hour = DateTimeOffset.UtcNow.AddHours(1);
        var lines = Enumerable.Range(0, 40).Select(i => Line(i, "item-22", "click", hour)).Concat(Enumerable.Range(40, 60).Select(i => Line(i, "item-21", "hide", hour)));
        world.Blobs.Put(
            string.Create(CultureInfo.InvariantCulture, $"feedback/{hour.UtcDateTime:yyyy/MM/dd/HH}/p0.jsonl"),
            System.Text.Encoding.UTF8.GetBytes(string.Concat(lines)));
        Assert.Equal(RebuildResult.Published, (await new Rebuilder(world.Blobs, Options, clock).RunAsync(false, null, Cancel)).Result);
        await world.Holder.RefreshAsync(Cancel);
        var popular = (await world.Service.PopularAsync(new RecommendQuery { Count = 30 }, Cancel)).Items.Select(i => i.Id).ToList();
        Assert.Equal("item-22", popular[0]);
        Assert.True(popular.IndexOf("item-21") > 10);
        Assert.Equal(RebuildResult.UpToDate, (await new Rebuilder(world.Blobs, Options, clock).RunAsync(false, null, Cancel)).Result);
    }

    private static string Line(int sequence, string item, string type, DateTimeOffset at) =>
        $$"""{"Partition":0,"Sequence":{{sequence}},"AcceptedAt":"{{at:O}}","Feedback":{"FeedbackType":"{{type}}","UserId":"u{{sequence}}","ItemId":"{{item}}","Value":1,"Timestamp":"{{at:O}}" } }""" + "\n";

    private static Task<RebuildOutcome> RebuildAsync(ServingWorld world) => new Rebuilder(world.Blobs, Options, TimeProvider.System).RunAsync(false, null, Cancel);

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
