using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Search;

namespace ServerlessRec.Index.Building;

/// <summary>Links every node: Malkov and Yashunin, algorithm 1, with levels known beforehand and readers that take no lock.</summary>
internal sealed unsafe class GraphBuild<TSpace>(
    BuildGraph graph, TSpace space, HnswOptions options, IProgress<int>? progress, CancellationToken cancellationToken)
    where TSpace : struct, INodeSpace
{
    private const int ProgressEvery = 4096;

    private int _linked;

    public void Run()
    {
        if (graph.Count == 0)
            return;
        BuildThreads.For(
            BuildThreads.Count(options),
            graph.Count,
            16,
            NewContext,
            (start, end, context) =>
            {
                for (var node = (uint)start; node < end; node++)
                    Insert(node, context);
                Report(end - start);
            },
            cancellationToken);
        BuildThreads.For(
            BuildThreads.Count(options),
            graph.Count,
            1024,
            NewContext,
            (start, end, context) =>
            {
                for (var node = (uint)start; node < end; node++)
                    PruneSlack(node, context);
            },
            cancellationToken);
        progress?.Report(graph.Count);
    }

    /// <summary>Inserts nodes into the levels from the lowest given one up, in a graph that is linked otherwise.</summary>
    public void Insert(IReadOnlyCollection<uint> nodes, int lowestLevel)
    {
        using var context = NewContext();
        foreach (var node in nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Insert(node, context, lowestLevel);
        }
        foreach (var node in nodes)
            PruneSlack(node, context);
    }

    /// <summary>Appends links, unless they are there, and prunes the lists that grow too long.</summary>
    public void LinkBack(IReadOnlyCollection<NewLink> links)
    {
        using var context = NewContext();
        foreach (var link in links)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var list = graph.Links(link.From, link.Level);
            if (!new ReadOnlySpan<uint>(list.Ids, list.Count).Contains(link.To))
                LinkBack(link.From, link.To, link.Score, link.Level, context);
        }
        foreach (var link in links)
            PruneSlack(link.From, context);
    }

    private void Insert(uint node, BuildContext context, int lowestLevel = 0)
    {
        if (node == graph.Entry)
            return;
        var search = context.Search;
        space.LoadNode(node, ref search.Query);
        var entry = graph.Entry;
        var level = graph.Level(node);
        for (var above = graph.TopLevel; above > level; above--)
            entry = GraphWalk.Descend(graph.Upper(above), space, search.Query, entry, search.Nodes, search.Scores);
        for (var at = Math.Min(level, graph.TopLevel); at >= lowestLevel; at--)
        {
            search.Pool.Begin(options.EfConstruction, 0);
            var visited = search.Visited.Begin(graph.Count);
            if (at == 0)
                GraphWalk.Collect(graph.Bottom, space, new MatchAll(), search.Query, entry, search, visited, long.MaxValue);
            else
                GraphWalk.Collect(graph.Upper(at), space, new MatchAll(), search.Query, entry, search, visited, long.MaxValue);
            entry = Choose(node, at, context);
        }
        // From the bottom up: who finds the node on one level can go on from it on the level below. The other way round, another thread
        // would descend to a node without links, take it for the whole graph, and lose its own links when the node's are set.
        for (var at = lowestLevel; at <= Math.Min(level, graph.TopLevel); at++)
            Link(node, at, context);
    }

    /// <summary>Chooses the node's links from the pool; returns the nearest candidate.</summary>
    private uint Choose(uint node, int level, BuildContext context)
    {
        var pool = context.Search.Pool;
        context.Candidates.Clear();
        for (var i = 0; i < pool.Size; i++)
        {
            if (pool.Node(i) != node)
                context.Candidates.Add(pool.Node(i), pool.Score(i));
        }
        var nearest = context.Candidates.Count > 0 ? context.Candidates.Ids[0] : graph.Entry;
        context.Chosen(level).Set(context.Candidates, context.Select(space, options.M));
        return nearest;
    }

    private void Link(uint node, int level, BuildContext context)
    {
        var chosen = context.Chosen(level);
        graph.Lock(node);
        graph.Links(node, level).Set(chosen.Ids, chosen.Scores);
        graph.Unlock(node);
        for (var i = 0; i < chosen.Ids.Length; i++)
            LinkBack(chosen.Ids[i], node, chosen.Scores[i], level, context);
    }

    private void LinkBack(uint from, uint to, float score, int level, BuildContext context)
    {
        var links = graph.Links(from, level);
        graph.Lock(from);
        try
        {
            if (links.Count == links.Capacity)
                Prune(from, links, level, context);
            links.Append(to, score);
        }
        finally
        {
            graph.Unlock(from);
        }
    }

    private void PruneSlack(uint node, BuildContext context)
    {
        for (var level = graph.Level(node); level >= 0; level--)
        {
            var links = graph.Links(node, level);
            if (links.Count > graph.MaxLinks(level))
                Prune(node, links, level, context);
        }
    }

    private void Prune(uint node, LinkSlot links, int level, BuildContext context)
    {
        if (!links.IsScored)
        {
            // Not into the list: scores are written in fours, beyond its end.
            var search = context.Search;
            space.LoadNode(node, ref search.Other);
            space.Score(search.Other, links.Ids, links.Count, search.Scores);
            new ReadOnlySpan<float>(search.Scores, links.Count).CopyTo(new Span<float>(links.Scores, links.Count));
        }
        context.Prune(space, links, graph.MaxLinks(level));
    }

    private BuildContext NewContext() => new(graph.Count, options.Dimensions, graph.Bottom.Capacity, options.M);

    private void Report(int linked)
    {
        if (progress is null)
            return;
        var total = Interlocked.Add(ref _linked, linked);
        if (total / ProgressEvery != (total - linked) / ProgressEvery)
            progress.Report(total);
    }
}
