using System.Globalization;
using CsCheck;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Tests.Serving;

namespace ServerlessRec.Recommender.Tests.Catalogue.Live;

public sealed class LiveCatalogueTests
{
    private static readonly RecommendQuery All = new() { Count = 500 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_item_is_recommended_to_a_fitting_user_at_once_and_a_hidden_one_is_gone_at_once()
    {
        using var world = await ServingWorld.CreateAsync(200);
        using var log = new CatalogueLog(world.Blobs);
        var catalogue = new CatalogueService(log, world.Holder);
        world.AddUser("u", 3);
        var twin = world.Rows[3].Item with { ItemId = "twin", Timestamp = ServingWorld.Now.AddMinutes(-1) };
        Assert.Equal(1, await catalogue.PutAsync([twin], Cancel));
        Assert.Equal("twin", (await world.Service.RecommendAsync("u", new RecommendQuery(), Cancel)).Items[0].Id);
        Assert.Equal("twin", (await world.Service.LatestAsync(new RecommendQuery(), Cancel)).Items[0].Id);
        Assert.Equal("item-3", (await world.Service.NeighborsAsync("twin", new RecommendQuery(), Cancel))!.Items[0].Id);
        Assert.Equal(twin.Comment, (await world.Service.GetItemAsync("twin", Cancel))!.Comment);

        await catalogue.WriteAsync([CatalogueChange.PatchItem("twin", new ItemPatch { IsHidden = true }), CatalogueChange.Delete("item-0")], Cancel);
        foreach (var list in await ListsAsync(world, All))
        {
            Assert.DoesNotContain("twin", list);
            Assert.DoesNotContain("item-0", list);
        }

        Assert.True((await world.Service.GetItemAsync("twin", Cancel))!.IsHidden);
        Assert.Null(await world.Service.GetItemAsync("item-0", Cancel));
        await catalogue.WriteAsync(
            [CatalogueChange.PatchItem("twin", new ItemPatch { IsHidden = false }), CatalogueChange.PatchItem("item-6", new ItemPatch { IsHidden = false })], Cancel);
        Assert.All(await ListsAsync(world, All), list => Assert.Contains("twin", list));
        Assert.All(await ListsAsync(world, All), list => Assert.Contains("item-6", list));
    }

    [Fact]
    public async Task An_item_whose_labels_change_moves_to_its_new_neighbors()
    {
        using var world = await ServingWorld.CreateAsync(100);
        using var log = new CatalogueLog(world.Blobs);
        await new CatalogueService(log, world.Holder).WriteAsync(
            [CatalogueChange.PatchItem("item-1", new ItemPatch { LabelsJson = world.Rows[50].Item.LabelsJson })], Cancel);
        Assert.Equal("item-1", (await world.Service.NeighborsAsync("item-50", new RecommendQuery(), Cancel))!.Items[0].Id);
    }

    [Fact]
    public async Task Another_instance_and_a_new_release_take_the_changes_over()
    {
        using var world = await ServingWorld.CreateAsync(60);
        using var log = new CatalogueLog(world.Blobs);
        await log.AppendAsync([CatalogueChange.Put(world.Rows[3].Item with { ItemId = "twin" }), CatalogueChange.Delete("item-0")], Cancel);
        Assert.Null(await world.Service.GetItemAsync("twin", Cancel));
        Assert.Equal(RefreshOutcome.Unchanged, await world.Holder.RefreshAsync(Cancel));
        Assert.NotNull(await world.Service.GetItemAsync("twin", Cancel));
        await world.PublishAsync(TestCatalogue.Rows(80));
        Assert.NotNull(await world.Service.GetItemAsync("twin", Cancel));
        Assert.NotNull(await world.Service.GetItemAsync("item-79", Cancel));
        Assert.Null(await world.Service.GetItemAsync("item-0", Cancel));
    }

    [Fact]
    public async Task A_damaged_log_stops_the_following_and_not_the_serving()
    {
        using var world = await ServingWorld.CreateAsync(20);
        using var log = new CatalogueLog(world.Blobs);
        await log.AppendAsync([CatalogueChange.Delete("item-0")], Cancel);
        await log.AppendAsync([CatalogueChange.Delete("item-1")], Cancel);
        world.Blobs.Get("catalog/log/0000000000000000000.log")[^1] ^= 1;
        await world.Holder.FollowCatalogueAsync(Cancel);
        Assert.Contains("catalog/log/", world.Holder.CatalogueProblem, StringComparison.Ordinal);
        Assert.Null(await world.Service.GetItemAsync("item-0", Cancel));
        Assert.NotNull(await world.Service.GetItemAsync("item-1", Cancel));
    }

    [Fact]
    public async Task Any_changes_leave_every_list_as_a_simple_model_has_it()
    {
        var change = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 45], Gen.Int[0, 45], Gen.Bool, (kind, item, other, flag) => kind switch
        {
            0 or 1 => CatalogueChange.Put(TestCatalogue.Rows(46)[other].Item with { ItemId = $"item-{item}", IsHidden = flag }),
            2 => CatalogueChange.PatchItem($"item-{item}", new ItemPatch { IsHidden = flag, Timestamp = TestCatalogue.Start.AddDays(other) }),
            3 => CatalogueChange.Delete($"item-{item}"),
            4 => CatalogueChange.AddCategory($"item-{item}", flag ? "War" : "New"),
            _ => CatalogueChange.RemoveCategory($"item-{item}", flag ? "War" : "Drama"),
        });
        await change.Array[1, 12].Array[1, 6].SampleAsync(
            async batches =>
            {
                using var world = await ServingWorld.CreateAsync(30);
                using var log = new CatalogueLog(world.Blobs);
                var catalogue = new CatalogueService(log, world.Holder);
                var model = world.Rows.ToDictionary(r => r.Item.ItemId, r => r.Item);
                world.AddUser("u", 3);
                foreach (var batch in batches)
                {
                    // Asked before too, so that kept sets must be brought up to date.
                    await CheckAsync(world, model);
                    await catalogue.WriteAsync(batch);
                    foreach (var one in batch)
                    {
                        if (one.ApplyTo(model.GetValueOrDefault(one.ItemId)) is { } item)
                        {
                            model[one.ItemId] = item;
                        }
                        else
                        {
                            model.Remove(one.ItemId);
                        }
                    }
                }

                await CheckAsync(world, model);
            },
            iter: 60);
    }

    private static async Task CheckAsync(ServingWorld world, Dictionary<string, Item> model)
    {
        foreach (var (query, passes) in ((RecommendQuery, Func<Item, bool>)[])
        [
            (All, _ => true),
            (All with { Categories = ["War"] }, i => i.Categories.Contains("War")),
            (All with { Categories = ["New"] }, i => i.Categories.Contains("New")),
            (All with { Filter = "Labels.year < 1915 and Timestamp >= '2026-01-01'" }, i => Year(i) < 1915),
        ])
        {
            var expected = model.Values.Where(i => !i.IsHidden && passes(i)).Select(i => i.ItemId).Order().ToList();
            Assert.Equal(expected.Where(i => i != "item-3"), (await world.Service.RecommendAsync("u", query)).Items.Select(i => i.Id).Order());
            Assert.Equal(expected, (await world.Service.RecommendAsync("nobody", query)).Items.Select(i => i.Id).Order());
            Assert.Equal(expected, (await world.Service.PopularAsync(query)).Items.Select(i => i.Id).Order());
            var latest = (await world.Service.LatestAsync(query)).Items.Select(i => model[i.Id]).ToList();
            Assert.Equal(expected, latest.Select(i => i.ItemId).Order());
            Assert.Equal(latest.OrderByDescending(i => i.Timestamp), latest);
        }

        var listed = (await world.Service.ListItemsAsync(null, 500)).Items;
        Assert.Equal(model.Keys.Order(), listed.Select(i => i.ItemId).Order());
        Assert.All(listed, i => Assert.Equal(model[i.ItemId].IsHidden, i.IsHidden));
        Assert.All(listed, i => Assert.Equal(model[i.ItemId].Categories, i.Categories));
    }

    private static int Year(Item item)
    {
        var labels = item.LabelsJson!;
        return int.Parse(labels.AsSpan(labels.IndexOf("year", StringComparison.Ordinal) + 6, 4), CultureInfo.InvariantCulture);
    }

    private static async Task<List<List<string>>> ListsAsync(ServingWorld world, RecommendQuery query) =>
    [
        [.. (await world.Service.RecommendAsync("u", query, Cancel)).Items.Select(i => i.Id)],
        [.. (await world.Service.RecommendAsync("nobody", query, Cancel)).Items.Select(i => i.Id)],
        [.. (await world.Service.NeighborsAsync("item-5", query, Cancel))!.Items.Select(i => i.Id)],
        [.. (await world.Service.PopularAsync(query, Cancel)).Items.Select(i => i.Id)],
        [.. (await world.Service.LatestAsync(query, Cancel)).Items.Select(i => i.Id)],
    ];
}
