using System.Runtime.CompilerServices;
using ServerlessRec.Index.Codes;

namespace ServerlessRec.Index.Search;

/// <summary>Walks one level of a graph. Malkov and Yashunin, algorithm 2, over a sorted pool.</summary>
internal static unsafe class GraphWalk
{
    /// <summary>From an entry to the local best: the greedy walk of the upper levels.</summary>
    public static uint Descend<TLinks, TSpace>(in TLinks links, in TSpace space, in QueryCode query, uint entry, uint* nodes, float* scores)
        where TLinks : struct, ILinks
        where TSpace : struct, INodeSpace
    {
        var best = entry;
        space.Score(query, &best, 1, scores);
        var bestScore = scores[0];
        while (true)
        {
            var count = links.Read(best, nodes);
            for (var i = 0; i < count; i++)
                space.Prefetch(nodes[i]);
            space.Score(query, nodes, count, scores);
            var improved = false;
            for (var i = 0; i < count; i++)
            {
                if (!(scores[i] > bestScore))
                    continue;
                bestScore = scores[i];
                best = nodes[i];
                improved = true;
            }
            if (!improved)
                return best;
        }
    }

    /// <summary>
    /// Fills the pool from its entry on. Returns false when more than <paramref name="budget"/> nodes were scored before the walk ended.
    /// </summary>
    public static bool Collect<TLinks, TSpace, TMatch>(
        in TLinks links, in TSpace space, in TMatch match, in QueryCode query, uint entry, SearchContext context, VisitedMarks visited, long budget)
        where TLinks : struct, ILinks
        where TSpace : struct, INodeSpace
        where TMatch : struct, IMatch, allows ref struct
    {
        var pool = context.Pool;
        var nodes = context.Nodes;
        var scores = context.Scores;
        nodes[0] = entry;
        visited.Enter(entry);
        space.Score(query, nodes, 1, scores);
        pool.Add(scores[0], entry, match.Matches(entry));
        while (pool.TryExpand(out var node))
        {
            var count = Unvisited(links, space, visited, node, nodes);
            if (pool.TryPeek(out var following))
                links.PrefetchNext(following);
            space.Score(query, nodes, count, scores);
            for (var i = 0; i < count; i++)
            {
                if (ScoreKey.Rank(scores[i]) > pool.Worst)
                    continue;
                links.Prefetch(nodes[i]);
                pool.Add(scores[i], nodes[i], match.Matches(nodes[i]));
            }
            budget -= count;
            if (budget < 0)
                return false;
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Unvisited<TLinks, TSpace>(in TLinks links, in TSpace space, VisitedMarks visited, uint node, uint* nodes)
        where TLinks : struct, ILinks
        where TSpace : struct, INodeSpace
    {
        var read = links.Read(node, nodes);
        var count = 0;
        for (var i = 0; i < read; i++)
        {
            var neighbour = nodes[i];
            if (!visited.Enter(neighbour))
                continue;
            space.Prefetch(neighbour);
            nodes[count++] = neighbour;
        }
        return count;
    }
}
