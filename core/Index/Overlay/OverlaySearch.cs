using System.Numerics;
using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Search;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Overlay;

/// <summary>One query over base and overlay as one graph; otherwise as <see cref="IndexSearch"/>.</summary>
internal static unsafe class OverlaySearch
{
    public static int Run<TSpace>(
        SnapshotImage image, in OverlayView view, in TSpace space, in OverlayVectors vectors, SearchContext context, int efSearch,
        Span<Neighbor> results, SearchFilter filter)
        where TSpace : struct, INodeSpace
    {
        var nodes = (int)view.Limit;
        var matches = filter.MatchesAtMost(nodes);
        var wanted = Math.Min(results.Length, matches);
        if (wanted == 0)
            return 0;
        results = results[..wanted];
        var ef = Math.Min(Math.Max(efSearch, wanted), nodes);
        if ((filter.IsEmpty ? wanted <= FilteredSearch.LargestPool : FilteredSearch.Walks(nodes, matches, wanted, ef))
            && Walk(image, view, space, context, ef, wanted, filter.IsEmpty ? long.MaxValue : Math.Max(1024, matches), filter)
            && context.Pool.MatchingCount >= wanted)
        {
            return Reranking.Best(context, vectors, results);
        }
        return results.Length > FilteredSearch.LargestPool
            ? ScanExactly(image, view, vectors, context, results, filter)
            : Scan(image, view, space, vectors, context, results, filter);
    }

    private static bool Walk<TSpace>(
        SnapshotImage image, in OverlayView view, in TSpace space, SearchContext context, int ef, int wanted, long budget, SearchFilter filter)
        where TSpace : struct, INodeSpace
    {
        // Without a base the first added node is where walks begin.
        var entry = image.Count == 0 ? 0 : image.Upper.Descend(space, context.Query, image.Header.EntryNode, context.Nodes, context.Scores);
        context.Pool.Begin(ef, wanted, filter.IsEmpty ? (double)ef / wanted : FilteredSearch.PoolPerMatch(ef, wanted));
        var visited = context.Visited.Begin((int)view.Limit);
        return GraphWalk.Collect(view, space, new MatchLive(view, filter), context.Query, entry, context, visited, budget);
    }

    private static int Scan<TSpace>(
        SnapshotImage image, in OverlayView view, in TSpace space, in OverlayVectors vectors, SearchContext context, Span<Neighbor> results,
        SearchFilter filter)
        where TSpace : struct, INodeSpace
    {
        var marks = context.ClearMarks(image.Count);
        for (var index = 0; index < (image.Count + 63) / 64; index++)
        {
            for (var word = filter.WordAt(index, image.Count); word != 0; word &= word - 1)
            {
                var node = image.Nodes[(index * 64) + BitOperations.TrailingZeroCount(word)];
                if (view.IsLive(node))
                    marks[node >> 6] |= 1UL << (int)node;
            }
        }
        var scan = new CodeScan<TSpace>(context, space, results.Length);
        scan.OfferAll(marks, image.Count);
        for (var node = (uint)image.Count; node < view.Limit; node++)
        {
            if (view.IsLive(node) && filter.Matches(view.Ordinal(node)))
                scan.Offer(node);
        }
        scan.Flush();
        return Reranking.Best(context, vectors, results);
    }

    private static int ScanExactly(
        SnapshotImage image, in OverlayView view, in OverlayVectors vectors, SearchContext context, Span<Neighbor> results, SearchFilter filter)
    {
        var scan = new BestScan(context, results.Length);
        for (var node = 0u; node < view.Limit; node++)
        {
            if (view.IsLive(node) && filter.Matches(view.Ordinal(node)))
                scan.Offer(vectors.Score(context.Vector, node, context.Decoded), view.Ordinal(node));
        }
        return scan.Write(results);
    }
}
