using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue.Live;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Retrieval;
using ServerlessRec.Recommender.Serving.Ranking;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Serving;

/// <summary>Makes ranked lists from a release: candidates, then their order, then the page that was asked for. Thread-safe.</summary>
internal sealed class ListMaker(ServingOptions options, TimeProvider clock)
{
    // Fixed sizes rather than multiples of what is wanted, so that the pages of one list are cut from one pool.
    private const int SmallPool = 400;
    private const int LargePool = 2000;

    /// <summary>The items whose vectors are nearest to <paramref name="vector"/>, ordered by the release's ranker where there is one.</summary>
    /// <param name="release">Where the items are.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="vector">The query.</param>
    /// <param name="excluded">Items that must not be in the list.</param>
    /// <param name="seedText">Whose list it is.</param>
    /// <param name="history">The user's feedback that the ranker reads, oldest first; null: the list is no user's and stays in the index's order.</param>
    /// <param name="cancellationToken">Looked at before the ranker runs.</param>
    public ScoredItem[] Nearest(
        LoadedRelease release,
        ListRequest request,
        ReadOnlySpan<float> vector,
        OrdinalSet excluded,
        string seedText,
        IReadOnlyList<HistoryEntry>? history,
        CancellationToken cancellationToken)
    {
        var ranker = history is null || request.Query.RetrievalOnly || request.Wanted == 0 ? null : release.Ranker;
        var capacity = Math.Min(Math.Max(PoolSize(request), ranker?.Spec.Candidates ?? 0), release.Catalogue.Count);
        if (capacity == 0)
        {
            return [];
        }

        var allowed = release.Catalogue.Sets.Allowed(request.Query.Categories, request.Filter, clock.GetUtcNow());
        var pool = ArrayPool<Neighbor>.Shared.Rent(capacity);
        try
        {
            var found = release.Catalogue.Search(
                vector, EfSearch(release, capacity, excluded, allowed), pool.AsSpan(0, capacity), new SearchFilter { Allowed = allowed, Excluded = excluded });
            request.RetrieveDone(clock);
            ranker?.Order(release.RankedItems.Value, history!, clock.GetUtcNow(), pool.AsSpan(0, found), cancellationToken);
            return Page(release, request, pool.AsSpan(0, found), seedText);
        }
        finally
        {
            ArrayPool<Neighbor>.Shared.Return(pool);
        }
    }

    /// <summary>For users of whom nothing is known: popular items, fresh ones among them.</summary>
    public ScoredItem[] PopularAndFresh(LoadedRelease release, ListRequest request, OrdinalSet excluded, string seedText)
    {
        var now = clock.GetUtcNow();
        var allowed = release.Catalogue.Sets.Allowed(request.Query.Categories, request.Filter, now);
        var capacity = PoolSize(request);
        var pool = ArrayPool<Neighbor>.Shared.Rent(Math.Max(1, 2 * capacity));
        try
        {
            var found = new ColdStart(options, release.Catalogue.Items, now).Candidates(allowed, excluded, capacity, pool);
            request.RetrieveDone(clock);
            return Page(release, request, pool.AsSpan(0, found), seedText);
        }
        finally
        {
            ArrayPool<Neighbor>.Shared.Return(pool);
        }
    }

    /// <summary>The most popular items.</summary>
    public ScoredItem[] Popular(LoadedRelease release, ListRequest request, OrdinalSet excluded) =>
        Ordered(release, request, excluded, MergedOrder.Popular(release.Catalogue.Items), ordinal => release.Catalogue.Items.Popularity(ordinal));

    /// <summary>The latest items.</summary>
    public ScoredItem[] Latest(LoadedRelease release, ListRequest request, OrdinalSet excluded) =>
        Ordered(release, request, excluded, MergedOrder.Latest(release.Catalogue.Items), ordinal => UnixSeconds(release.Catalogue.Items.TimestampTicks(ordinal) ?? 0));

    private static double UnixSeconds(long ticks) => (ticks - DateTimeOffset.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond;

    private int EfSearch(LoadedRelease release, int wanted, OrdinalSet excluded, OrdinalSet? allowed) =>
        options.EfSearch ?? EfSearchChoice.Of(release.Manifest.EfSearch, wanted, excluded.Count, allowed is not null);

    private static int PoolSize(ListRequest request)
    {
        var wanted = request.Wanted;
        if (wanted == 0 || (request.Query.Diversity == 0 && request.Query.Explore == 0))
        {
            return wanted;
        }

        return Math.Max(wanted, wanted <= SmallPool / 4 ? SmallPool : LargePool);
    }

    private ScoredItem[] Page(LoadedRelease release, ListRequest request, Span<Neighbor> pool, string seedText)
    {
        var query = request.Query;
        pool = pool[..DropHidden(release, pool)];
        if (query.Explore > 0)
        {
            Exploration.Shuffle(pool, query.Explore, query.Seed ?? HourlySeed(seedText));
            pool = query.Diversity > 0 ? pool[..Math.Min(pool.Length, Math.Max(pool.Length / 2, request.Wanted))] : pool;
        }

        if (query.Diversity > 0)
        {
            Diversity.Spread(pool, request.Wanted, query.Diversity, release.Features.Dimensions, release.Catalogue);
        }

        var start = Math.Min(query.Offset, pool.Length);
        var items = new ScoredItem[Math.Min(query.Count, pool.Length - start)];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new ScoredItem(release.Catalogue.Id(pool[start + i].Ordinal), pool[start + i].Score);
        }

        return items;
    }

    // An item that was hidden after the search began.
    private static int DropHidden(LoadedRelease release, Span<Neighbor> pool)
    {
        var kept = 0;
        foreach (var candidate in pool)
        {
            if (!release.Catalogue.Items.IsHidden(candidate.Ordinal))
            {
                pool[kept++] = candidate;
            }
        }

        return kept;
    }

    private ScoredItem[] Ordered(LoadedRelease release, ListRequest request, OrdinalSet excluded, MergedOrder order, Func<int, double> score)
    {
        var allowed = release.Catalogue.Sets.Allowed(request.Query.Categories, request.Filter, clock.GetUtcNow());
        var items = new List<ScoredItem>(Math.Min(request.Query.Count, release.Catalogue.Count));
        var skip = request.Query.Offset;
        foreach (var row in order)
        {
            if (items.Count == request.Query.Count)
            {
                break;
            }

            if (excluded.Contains(row) || allowed?.Contains(row) == false || skip-- > 0)
            {
                continue;
            }

            items.Add(new ScoredItem(release.Catalogue.Id(row), score(row)));
        }

        request.RetrieveDone(clock);
        return [.. items];
    }

    private ulong HourlySeed(string text) =>
        XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), clock.GetUtcNow().ToUnixTimeSeconds() / 3600);
}
