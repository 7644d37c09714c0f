using System.Numerics.Tensors;
using CsCheck;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Filters;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Tests.Doubles;

namespace ServerlessRec.Recommender.Tests.Serving;

public sealed class RecommendationServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_equal_exact_search_for_at_least_95_percent_of_items()
    {
        using var world = await ServingWorld.CreateAsync(2500);
        var vectors = TestCatalogue.Draft(world.Rows).ItemVectors.ToArray();
        var (same, all) = (0, 0);
        for (var user = 0; user < 500; user++)
        {
            world.AddUser($"u{user}", user, (user * 5) + 1, (user * 3) + 2);
            var list = await world.Service.RecommendAsync($"u{user}", new RecommendQuery(), Cancel);
            var exact = Exact(vectors, [user, (user * 5) + 1, (user * 3) + 2]).Where(i => !world.Rows[i].Item.IsHidden).Take(10).ToHashSet();
            same += list.Items.Count(i => exact.Contains(ServingWorld.Ordinal(i)));
            all += 10;
            Assert.Equal(list.Items.OrderByDescending(i => i.Score), list.Items);
        }

        Assert.True(same >= .95 * all, $"{same} of {all}");
    }

    [Fact]
    public async Task Hidden_seen_and_named_items_are_never_recommended()
    {
        using var world = await ServingWorld.CreateAsync(60);
        world.AddUser("u", 1, 2, 3);
        world.AddUser("reader", 8, 9);
        var query = new RecommendQuery { Count = 500, Exclude = ["item-5", "no such item"], UserId = "reader" };
        int[] gone = [5, 8, 9];
        foreach (var list in (Recommendations[])
        [
            await world.Service.RecommendAsync("u", query, Cancel),
            await world.Service.RecommendSessionAsync([Feedback(1)], query, Cancel),
            (await world.Service.NeighborsAsync("item-1", query, Cancel))!,
            await world.Service.RecommendAsync("nobody", query, Cancel),
            await world.Service.PopularAsync(query, Cancel),
            await world.Service.LatestAsync(query, Cancel),
        ])
        {
            Assert.NotEmpty(list.Items);
            Assert.Equal(list.Items.Count, list.Items.DistinctBy(i => i.Id).Count());
            Assert.All(list.Items, i => Assert.False(world.Row(i).Item.IsHidden));
            Assert.All(list.Items, i => Assert.DoesNotContain(ServingWorld.Ordinal(i), gone));
        }

        var mine = await world.Service.RecommendAsync("u", query, Cancel);
        Assert.Equal(60 - 8 - 3 - 3, mine.Items.Count);
        Assert.All(mine.Items, i => Assert.DoesNotContain(ServingWorld.Ordinal(i), (int[])[1, 2, 3]));
    }

    [Fact]
    public async Task Several_categories_narrow_further_and_a_filter_further_still()
    {
        using var world = await ServingWorld.CreateAsync(120);
        world.AddUser("u", 1);
        var both = await world.Service.RecommendAsync("u", new RecommendQuery { Count = 500, Categories = ["War", "Drama"] }, Cancel);
        Assert.Equal(Expected(i => i % 6 == 0), Ordinals(both));
        var filtered = await world.Service.RecommendAsync(
            "u", new RecommendQuery { Count = 500, Categories = ["War", "Drama"], Filter = "Labels.year > 1950 and Labels.studio in ['S0','S1']" }, Cancel);
        Assert.Equal(Expected(i => i % 6 == 0 && i > 50 && i % 5 < 2), Ordinals(filtered));
        Assert.Empty((await world.Service.PopularAsync(new RecommendQuery { Categories = ["no such category"] }, Cancel)).Items);
        await Assert.ThrowsAsync<FilterSyntaxException>(async () => await world.Service.PopularAsync(new RecommendQuery { Filter = "nonsense" }, Cancel));

        int[] Expected(Func<int, bool> passes) => [.. Enumerable.Range(0, 120).Where(i => passes(i) && i % 7 != 6 && i != 1)];
    }

    [Fact]
    public async Task A_stored_vector_serves_only_under_the_towers_that_made_it()
    {
        using var world = await ServingWorld.CreateAsync(200);
        var vectors = TestCatalogue.Draft(world.Rows).ItemVectors;
        var state = world.AddUser("u", 3) with { Vector = vectors.Slice(50 * TestCatalogue.Dimensions, TestCatalogue.Dimensions) };
        world.Users.Put(state with { TowerVersion = world.Holder.Manifest!.TowerVersion });
        Assert.Equal("item-50", (await world.Service.RecommendAsync("u", new RecommendQuery(), Cancel)).Items[0].Id);
        world.Users.Put(state with { TowerVersion = "another" });
        var inferred = await world.Service.RecommendAsync("u", new RecommendQuery(), Cancel);
        Assert.Equal((await world.Service.NeighborsAsync("item-3", new RecommendQuery(), Cancel))!.Items.Select(i => i.Id), inferred.Items.Select(i => i.Id));
        Assert.True(inferred.Timings.Total >= inferred.Timings.User);
    }

    [Fact]
    public async Task An_unknown_user_gets_popular_items_with_fresh_ones_among_them()
    {
        var rows = TestCatalogue.Rows(100);
        rows[99] = rows[99] with { Item = rows[99].Item with { Timestamp = ServingWorld.Now.AddHours(-1), IsHidden = false }, Popularity = 60 };
        using var world = await ServingWorld.CreateAsync(rows);
        world.AddUser("knows only what the release does not", 5000);
        foreach (var user in (string[])["nobody", "knows only what the release does not"])
        {
            var list = await world.Service.RecommendAsync(user, new RecommendQuery { Count = 20 }, Cancel);
            Assert.Equal(20, list.Items.Count);
            Assert.Equal("item-99", list.Items[0].Id);
            Assert.Equal("item-0", list.Items[1].Id);
            Assert.Equal(list.Items.OrderByDescending(i => i.Score), list.Items);
        }
    }

    [Fact]
    public async Task A_session_counts_in_the_order_of_its_timestamps_and_is_not_answered_back()
    {
        using var world = await ServingWorld.CreateAsync(100);
        var list = await world.Service.RecommendSessionAsync([Feedback(4)], new RecommendQuery { Count = 5 }, Cancel);
        Assert.Equal((await world.Service.NeighborsAsync("item-4", new RecommendQuery { Count = 5 }, Cancel))!.Items.Select(i => i.Id), list.Items.Select(i => i.Id));
        Assert.Equal(10, (await world.Service.RecommendSessionAsync([], new RecommendQuery(), Cancel)).Items.Count);
    }

    [Fact]
    public async Task Neighbors_of_an_unknown_item_are_null()
    {
        using var world = await ServingWorld.CreateAsync(10);
        Assert.Null(await world.Service.NeighborsAsync("nothing", new RecommendQuery(), Cancel));
        Assert.DoesNotContain("item-1", (await world.Service.NeighborsAsync("item-1", new RecommendQuery(), Cancel))!.Items.Select(i => i.Id));
    }

    [Fact]
    public async Task Popular_and_latest_stand_in_their_orders_with_their_scores()
    {
        using var world = await ServingWorld.CreateAsync(30);
        var popular = await world.Service.PopularAsync(new RecommendQuery { Count = 3 }, Cancel);
        Assert.Equal([("item-0", 30d), ("item-1", 29d), ("item-2", 28d)], popular.Items.Select(i => (i.Id, i.Score)));
        var latest = await world.Service.LatestAsync(new RecommendQuery { Count = 2, Categories = ["Drama"] }, Cancel);
        Assert.Equal(["item-28", "item-26"], latest.Items.Select(i => i.Id));
        Assert.Equal(TestCatalogue.Start.AddHours(28).ToUnixTimeSeconds(), latest.Items[0].Score);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(.5, 0)]
    [InlineData(0, .5)]
    [InlineData(.7, .3)]
    public async Task Pages_of_one_list_fit_together(double diversity, double explore)
    {
        using var world = await ServingWorld.CreateAsync(300);
        world.AddUser("u", 1, 2);
        var query = new RecommendQuery { Count = 30, Diversity = diversity, Explore = explore, Seed = 7 };
        var whole = await world.Service.RecommendAsync("u", query, Cancel);
        var pages = new List<ScoredItem>();
        for (var offset = 0; offset < 30; offset += 10)
        {
            pages.AddRange((await world.Service.RecommendAsync("u", query with { Count = 10, Offset = offset }, Cancel)).Items);
        }

        Assert.Equal(whole.Items, pages);
    }

    [Fact]
    public async Task Diversity_makes_a_list_less_alike_and_exploration_mixes_it()
    {
        using var world = await ServingWorld.CreateAsync(1000);
        world.AddUser("u", 1);
        var plain = await world.Service.RecommendAsync("u", new RecommendQuery { Count = 20 }, Cancel);
        var spread = await world.Service.RecommendAsync("u", new RecommendQuery { Count = 20, Diversity = .6 }, Cancel);
        Assert.True(Alikeness(world, spread) < Alikeness(world, plain) - .05);
        Assert.Equal(plain.Items[0], spread.Items[0]);
        var mixed = await world.Service.RecommendAsync("u", new RecommendQuery { Count = 20, Explore = .8, Seed = 1 }, Cancel);
        Assert.NotEqual(plain.Items, mixed.Items);
        Assert.Equal(mixed.Items, (await world.Service.RecommendAsync("u", new RecommendQuery { Count = 20, Explore = .8, Seed = 1 }, Cancel)).Items);
        Assert.NotEqual(mixed.Items, (await world.Service.RecommendAsync("u", new RecommendQuery { Count = 20, Explore = .8, Seed = 2 }, Cancel)).Items);
        Assert.True(mixed.Items.Average(i => i.Score) > 0);
    }

    [Fact]
    public async Task Every_item_is_listed_exactly_once_over_all_pages()
    {
        using var world = await ServingWorld.CreateAsync(95);
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await world.Service.ListItemsAsync(cursor, 10, Cancel);
            ids.AddRange(page.Items.Select(i => i.ItemId));
            cursor = page.Cursor;
        }
        while (cursor.Length > 0);
        Assert.Equal(world.Rows.Select(r => r.Item.ItemId).Order(), ids.Order());
        await Assert.ThrowsAsync<FormatException>(async () => await world.Service.ListItemsAsync("nonsense", 10, Cancel));
        Assert.Equal("Title 6", (await world.Service.GetItemAsync("item-6", Cancel))!.Comment);
        Assert.Null(await world.Service.GetItemAsync("nothing", Cancel));
    }

    [Theory]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(501, 0, 0, 0)]
    [InlineData(1, -1, 0, 0)]
    [InlineData(1, 10_001, 0, 0)]
    [InlineData(1, 0, double.NaN, 0)]
    [InlineData(1, 0, 0, 1.5)]
    public async Task A_query_out_of_range_is_refused(int count, int offset, double diversity, double explore)
    {
        using var world = await ServingWorld.CreateAsync(10);
        var query = new RecommendQuery { Count = count, Offset = offset, Diversity = diversity, Explore = explore };
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await world.Service.RecommendAsync("u", query, Cancel));
    }

    [Fact]
    public async Task Any_query_gives_exactly_the_items_it_allows()
    {
        using var world = await ServingWorld.CreateAsync(80);
        var users = 0;
        await Gen.Select(Gen.Int[0, 79].Array[0, 30], Gen.Int[0, 79].Array[0, 20], Gen.Int[0, 3], Gen.Int[0, 90], Gen.Int[0, 90], Gen.Int[1890, 2000], Gen.Double.Unit)
            .SampleAsync(async (seen, excluded, categories, offset, count, year, diversity) =>
            {
                var user = $"u{Interlocked.Increment(ref users)}";
                world.AddUser(user, seen);
                var query = new RecommendQuery
                {
                    Count = count,
                    Offset = offset,
                    Categories = categories switch { 0 => [], 1 => ["War"], 2 => ["Drama"], _ => ["Drama", "War"] },
                    Exclude = [.. excluded.Select(i => $"item-{i}")],
                    Filter = year % 2 == 0 ? null : $"Labels.year < {year}",
                    Diversity = diversity < .5 ? 0 : diversity,
                };
                var allowed = Enumerable.Range(0, 80).Where(i => i % 7 != 6 && !seen.Contains(i) && !excluded.Contains(i)
                    && ((categories & 1) == 0 || i % 3 == 0) && ((categories & 2) == 0 || i % 2 == 0) && (query.Filter is null || 1900 + i < year)).ToHashSet();
                var list = await world.Service.RecommendAsync(user, query);
                Assert.Equal(Math.Clamp(allowed.Count - offset, 0, count), list.Items.Count);
                Assert.Equal(list.Items.Count, list.Items.DistinctBy(i => i.Id).Count());
                Assert.All(list.Items, i => Assert.Contains(ServingWorld.Ordinal(i), allowed));
            });
    }

    [Fact]
    public async Task Swapping_releases_under_load_fails_no_request()
    {
        using var world = await ServingWorld.CreateAsync(200);
        for (var user = 0; user < 20; user++)
        {
            world.AddUser($"u{user}", user, user + 50);
        }

        const int Threads = 4;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var begun = new SemaphoreSlim(0);
        var requests = Enumerable.Range(0, Threads).Select(thread => Task.Run(
            async () =>
            {
                for (var answered = 0; !stop.IsCancellationRequested; answered++)
                {
                    var list = await world.Service.RecommendAsync($"u{answered % 20}", new RecommendQuery { Categories = thread % 2 == 0 ? [] : ["Drama"] }, Cancel);
                    Assert.Equal(10, list.Items.Count);
                    if (answered == 0)
                    {
                        begun.Release();
                    }
                }
            },
            Cancel)).ToList();
        for (var i = 0; i < Threads; i++)
        {
            await Task.WhenAny(begun.WaitAsync(Cancel), Task.WhenAll(requests));
        }

        var store = new ReleaseStore(world.Blobs, TimeProvider.System);
        for (var i = 0; i < 6; i++)
        {
            await world.PublishAsync(TestCatalogue.Rows(150 + (30 * i), i));
        }

        await store.RollbackAsync(Cancel);
        Assert.Equal(RefreshOutcome.Swapped, await world.Holder.RefreshAsync(Cancel));
        await stop.CancelAsync();
        await Task.WhenAll(requests);
    }

    private static FeedbackEvent Feedback(int item) =>
        new() { FeedbackType = "click", UserId = "", ItemId = $"item-{item}", Timestamp = TestCatalogue.Start };

    private static int[] Ordinals(Recommendations list) => [.. list.Items.Select(ServingWorld.Ordinal).Order()];

    private static IEnumerable<int> Exact(float[] vectors, int[] history)
    {
        var query = new float[TestCatalogue.Dimensions];
        foreach (var item in history)
        {
            TensorPrimitives.Add(query, Vector(item), query);
        }

        return Enumerable.Range(0, vectors.Length / TestCatalogue.Dimensions).Except(history)
            .OrderByDescending(i => TensorPrimitives.Dot(query, Vector(i)));

        ReadOnlySpan<float> Vector(int item) => vectors.AsSpan(item * TestCatalogue.Dimensions, TestCatalogue.Dimensions);
    }

    private static double Alikeness(ServingWorld world, Recommendations list)
    {
        using var release = world.Holder.Acquire();
        var vectors = list.Items.Select(i =>
        {
            var vector = new float[TestCatalogue.Dimensions];
            Assert.True(release.TryCopyVector(i.Id, vector));
            return vector;
        }).ToList();
        return vectors.SelectMany((a, i) => vectors.Skip(i + 1).Select(b => (double)TensorPrimitives.Dot<float>(a, b))).Average();
    }
}
