using System.Numerics;
using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Search;

/// <summary>One query over one snapshot: descend, collect, rerank. Falls back to scoring every match when a walk cannot promise enough.</summary>
internal static unsafe class IndexSearch
{
    public static int Run<TSpace>(
        SnapshotImage image, in TSpace space, SearchContext context, int efSearch, Span<Neighbor> results, SearchFilter filter)
        where TSpace : struct, INodeSpace
    {
        var matches = filter.MatchesAtMost(image.Count);
        var wanted = Math.Min(results.Length, matches);
        if (wanted == 0)
            return 0;
        results = results[..wanted];
        var ef = Math.Min(Math.Max(efSearch, wanted), image.Count);
        if (filter.IsEmpty)
        {
            // Every node is reachable in a graph as it is built; a damaged or unlucky one must still answer in full.
            return wanted <= FilteredSearch.LargestPool
                && Walk(image, space, new MatchAll(), context, ef, 0, long.MaxValue)
                && context.Pool.Size >= wanted
                ? Reranking.Best(context, new RerankReader(image), results)
                : Scan(image, space, context, results, filter);
        }
        if (FilteredSearch.Walks(image.Count, matches, wanted, ef)
            && Walk(image, space, new MatchFilter(filter, image.Ordinals), context, ef, wanted, Math.Max(1024, matches))
            && context.Pool.MatchingCount >= wanted)
        {
            return Reranking.Best(context, new RerankReader(image), results);
        }
        return Scan(image, space, context, results, filter);
    }

    private static bool Walk<TSpace, TMatch>(
        SnapshotImage image, in TSpace space, in TMatch match, SearchContext context, int ef, int wanted, long budget)
        where TSpace : struct, INodeSpace
        where TMatch : struct, IMatch, allows ref struct
    {
        var entry = image.Upper.Descend(space, context.Query, image.Header.EntryNode, context.Nodes, context.Scores);
        context.Pool.Begin(ef, wanted, FilteredSearch.PoolPerMatch(ef, wanted));
        return GraphWalk.Collect(image.Links, space, match, context.Query, entry, context, context.Visited.Begin(image.Count), budget);
    }

    private static int Scan<TSpace>(SnapshotImage image, in TSpace space, SearchContext context, Span<Neighbor> results, SearchFilter filter)
        where TSpace : struct, INodeSpace
    {
        if (results.Length > FilteredSearch.LargestPool)
            return ScanExactly(image, context, results, filter);
        var marks = context.ClearMarks(image.Count);
        for (var index = 0; index < (image.Count + 63) / 64; index++)
        {
            for (var word = filter.WordAt(index, image.Count); word != 0; word &= word - 1)
            {
                var node = image.Nodes[(index * 64) + BitOperations.TrailingZeroCount(word)];
                marks[node >> 6] |= 1UL << (int)node;
            }
        }
        var scan = new CodeScan<TSpace>(context, space, results.Length);
        scan.OfferAll(marks, image.Count);
        scan.Flush();
        return Reranking.Best(context, new RerankReader(image), results);
    }

    private static int ScanExactly(SnapshotImage image, SearchContext context, Span<Neighbor> results, SearchFilter filter)
    {
        var stored = new RerankReader(image);
        var scan = new BestScan(context, results.Length);
        for (var index = 0; index < (image.Count + 63) / 64; index++)
        {
            for (var word = filter.WordAt(index, image.Count); word != 0; word &= word - 1)
            {
                var ordinal = (index * 64) + BitOperations.TrailingZeroCount(word);
                scan.Offer(stored.Score(context.Vector, image.Nodes[ordinal], context.Decoded), ordinal);
            }
        }
        return scan.Write(results);
    }
}
