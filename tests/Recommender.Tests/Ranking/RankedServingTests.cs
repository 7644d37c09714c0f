using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Tests.Serving;

namespace ServerlessRec.Recommender.Tests.Ranking;

public sealed class RankedServingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_personal_list_is_ordered_by_the_ranker_and_what_lies_behind_its_candidates_follows()
    {
        using var world = await CreateAsync();
        var retrieved = await ListAsync(world, new RecommendQuery { Count = 60, RetrievalOnly = true });
        var ranked = await ListAsync(world, new RecommendQuery { Count = 60 });
        Assert.Equal([.. retrieved.Take(20).Reverse(), .. retrieved.Skip(20)], ranked);
        var session = await world.Service.RecommendSessionAsync([Feedback(1), Feedback(2)], new RecommendQuery { Count = 60 }, Cancel);
        Assert.Equal(ranked, session.Items.Select(item => item.Id));
    }

    [Fact]
    public async Task Scores_fall_along_the_list_and_stay_in_the_retrievals_units()
    {
        using var world = await CreateAsync();
        var retrieved = (await world.Service.RecommendAsync("u", new RecommendQuery { Count = 60, RetrievalOnly = true }, Cancel)).Items;
        var ranked = (await world.Service.RecommendAsync("u", new RecommendQuery { Count = 60 }, Cancel)).Items;
        Assert.Equal(ranked.OrderByDescending(item => item.Score), ranked);

        // The ranker says a quarter of the distance, turned round.
        Assert.Equal(retrieved[0].Score + ((retrieved[0].Score - retrieved[19].Score) / 4), ranked[0].Score, 1e-5);
        Assert.Equal(retrieved[19].Score - retrieved[40].Score, ranked[19].Score - ranked[40].Score, 1e-5);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(.3, 0)]
    [InlineData(0, .5)]
    public async Task Pages_of_any_size_are_cut_from_one_list(double diversity, double explore)
    {
        using var world = await CreateAsync();
        var query = new RecommendQuery { Count = 60, Diversity = diversity, Explore = explore, Seed = 1 };
        var whole = (await world.Service.RecommendAsync("u", query, Cancel)).Items;
        foreach (var size in (int[])[1, 7, 20])
        {
            var pages = new List<ScoredItem>();
            for (var offset = 0; offset < 60; offset += size)
            {
                pages.AddRange((await world.Service.RecommendAsync("u", query with { Offset = offset, Count = Math.Min(size, 60 - offset) }, Cancel)).Items);
            }

            // The first page of a spread list is one list; a longer one may be spread otherwise.
            Assert.Equal(diversity > 0 ? whole.Take(1) : whole, diversity > 0 ? pages.Take(1) : pages);
        }

        Assert.Empty((await world.Service.RecommendAsync("u", query with { Count = 0 }, Cancel)).Items);
        Assert.Empty((await world.Service.RecommendAsync("u", query with { Offset = 5000 }, Cancel)).Items);
    }

    [Fact]
    public async Task Neighbours_and_lists_for_everybody_are_as_without_a_ranker()
    {
        using var world = await CreateAsync();
        using var plain = await ServingWorld.CreateAsync(200);
        var query = new RecommendQuery { Count = 30 };
        Assert.Equal((await plain.Service.NeighborsAsync("item-3", query, Cancel))!.Items, (await world.Service.NeighborsAsync("item-3", query, Cancel))!.Items);
        Assert.Equal((await plain.Service.PopularAsync(query, Cancel)).Items, (await world.Service.PopularAsync(query, Cancel)).Items);
        Assert.Equal((await plain.Service.RecommendAsync("nobody", query, Cancel)).Items, (await world.Service.RecommendAsync("nobody", query, Cancel)).Items);
        plain.AddUser("u", 1, 2);
        Assert.Equal(await ListAsync(plain, query), await ListAsync(world, query with { RetrievalOnly = true }));
    }

    [Fact]
    public async Task Hidden_seen_and_filtered_items_stay_out()
    {
        using var world = await CreateAsync();
        var list = await world.Service.RecommendAsync("u", new RecommendQuery { Count = 500, Categories = ["War"], Exclude = ["item-3"] }, Cancel);
        Assert.All(list.Items, item => Assert.True(ServingWorld.Ordinal(item) % 3 == 0 && ServingWorld.Ordinal(item) != 3 && !world.Row(item).Item.IsHidden));
        Assert.Equal(Enumerable.Range(0, 200).Count(i => i % 3 == 0 && i % 7 != 6 && i != 3), list.Items.Count);
    }

    [Fact]
    public async Task A_request_that_was_given_up_is_not_ranked()
    {
        using var world = await CreateAsync();
        using var stop = new CancellationTokenSource();
        using var release = world.Holder.Acquire();
        await stop.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => release.Ranker!.Order(release.RankedItems.Value, [], default, [new(1, 1)], stop.Token));
    }

    private static async Task<ServingWorld> CreateAsync()
    {
        var world = await ServingWorld.CreateAsync(200);
        await new ReleaseStore(world.Blobs, TimeProvider.System).PublishAsync(TestCatalogue.Draft(200).WithRanker(), null, Cancel);
        Assert.Equal(RefreshOutcome.Swapped, await world.Holder.RefreshAsync(Cancel));
        world.AddUser("u", 1, 2);
        return world;
    }

    private static async Task<string[]> ListAsync(ServingWorld world, RecommendQuery query) =>
        [.. (await world.Service.RecommendAsync("u", query, Cancel)).Items.Select(item => item.Id)];

    private static FeedbackEvent Feedback(int item) => new()
    {
        UserId = "",
        FeedbackType = "click",
        ItemId = $"item-{item}",
        Value = 1,
        Timestamp = TestCatalogue.Start.AddHours(item),
    };
}
