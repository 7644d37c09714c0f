using ServerlessRec.Index.Building;
using ServerlessRec.Index.Codes;

namespace ServerlessRec.Index.Overlay;

/// <summary>
/// Links of base and overlay under the new ordinals. A link to a removed node is replaced by the best of what that node led to (Singh et
/// al., "FreshDiskANN", 2021, algorithm 4), so that the way through it stays open.
/// </summary>
internal sealed unsafe class MergeLinks<TSpace>(
    MergeParts parts, BuildGraph graph, TSpace space, HnswOptions options, CancellationToken cancellationToken)
    where TSpace : struct, INodeSpace
{
    private const uint Gone = uint.MaxValue;

    private readonly uint[] _ordinals = Invert(parts);

    public void Run()
    {
        var build = new GraphBuild<TSpace>(graph, space, options, null, cancellationToken);
        BuildThreads.For(
            BuildThreads.Count(options),
            graph.Count,
            1024,
            NewContext,
            (start, end, context) =>
            {
                for (var ordinal = (uint)start; ordinal < end; ordinal++)
                    Bottom(ordinal, context);
            },
            cancellationToken);
        using (var context = NewContext())
            Upper(context);
        build.Insert([.. Range(ordinal => parts.IsAdded((int)ordinal) && graph.Level(ordinal) > 0)], lowestLevel: 1);
        // Whoever lost everything around it is inserted as if it were new.
        build.Insert([.. Range(ordinal => graph.Bottom.At(ordinal).Count == 0 && graph.Count > 1)], lowestLevel: 0);
    }

    private static uint[] Invert(MergeParts parts)
    {
        var ordinals = new uint[parts.View.Limit];
        Array.Fill(ordinals, Gone);
        for (var ordinal = 0; ordinal < parts.Nodes.Length; ordinal++)
            ordinals[parts.Nodes[ordinal]] = (uint)ordinal;
        return ordinals;
    }

    // The base may hold longer lists than this build would make.
    private BuildContext NewContext() =>
        new(graph.Count, options.Dimensions, Math.Max(graph.Bottom.Capacity, parts.Image.Header.LinkStride / sizeof(ushort)), options.M);

    private IEnumerable<uint> Range(Func<uint, bool> predicate)
    {
        for (var ordinal = 0u; ordinal < graph.Count; ordinal++)
        {
            if (predicate(ordinal))
                yield return ordinal;
        }
    }

    private void Bottom(uint ordinal, BuildContext context)
    {
        var found = context.Search.Nodes;
        var count = parts.View.Read(parts.Nodes[ordinal], found);
        var kept = stackalloc uint[count];
        var removed = stackalloc uint[count];
        var (keptCount, removedCount) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var target = _ordinals[found[i]];
            if (target == Gone)
                removed[removedCount++] = found[i];
            else
                kept[keptCount++] = target;
        }
        var links = graph.Bottom.At(ordinal);
        // Lists of an overlay may be longer than a snapshot's. What was linked back last stands last: cut off, added nodes would be hard to find.
        if (removedCount == 0 && keptCount <= graph.MaxBottomLinks)
        {
            links.SetUnscored(new ReadOnlySpan<uint>(kept, keptCount));
            return;
        }
        var visited = context.Search.Visited.Begin(graph.Count);
        visited.Enter(ordinal);
        var candidates = new List<uint>(count * 4);
        for (var i = 0; i < keptCount; i++)
        {
            if (visited.Enter(kept[i]))
                candidates.Add(kept[i]);
        }
        for (var i = 0; i < removedCount; i++)
        {
            count = parts.View.Read(removed[i], found);
            for (var j = 0; j < count; j++)
            {
                var target = _ordinals[found[j]];
                if (target != Gone && visited.Enter(target))
                    candidates.Add(target);
            }
        }
        Choose(ordinal, links, candidates, graph.MaxBottomLinks, context);
    }

    private void Upper(BuildContext context)
    {
        var levels = parts.Image.Upper.Levels;
        var found = stackalloc uint[64];
        for (var i = 0; i < levels.Length; i++)
        {
            var (level, number) = (levels[i], levels.Length - i);
            for (var entry = 0u; number <= graph.TopLevel && entry < level.Entries; entry++)
            {
                var ordinal = _ordinals[level.Nodes[entry]];
                if (ordinal == Gone)
                    continue;
                var candidates = new HashSet<uint>();
                var count = level.ReadLinks(entry, found);
                for (var j = 0; j < count; j++)
                    AddOrReplace(level, found[j], candidates);
                candidates.Remove(ordinal);
                Choose(ordinal, graph.Links(ordinal, number), [.. candidates], graph.MaxUpperLinks, context);
            }
        }
    }

    private void AddOrReplace(in Snapshots.UpperLevel level, uint entry, HashSet<uint> candidates)
    {
        var ordinal = _ordinals[level.Nodes[entry]];
        if (ordinal != Gone)
        {
            candidates.Add(ordinal);
            return;
        }
        var found = stackalloc uint[64];
        var count = level.ReadLinks(entry, found);
        for (var i = 0; i < count; i++)
        {
            if (_ordinals[level.Nodes[found[i]]] is var target && target != Gone)
                candidates.Add(target);
        }
    }

    private void Choose(uint ordinal, LinkSlot links, List<uint> candidates, int keep, BuildContext context)
    {
        var search = context.Search;
        space.LoadNode(ordinal, ref search.Query);
        context.Candidates.Clear();
        for (var i = 0; i < candidates.Count; i += 4)
        {
            var group = Math.Min(4, candidates.Count - i);
            for (var j = 0; j < group; j++)
                search.Nodes[j] = candidates[i + j];
            space.Score(search.Query, search.Nodes, group, search.Scores);
            for (var j = 0; j < group; j++)
                context.Candidates.Add(search.Nodes[j], search.Scores[j]);
        }
        context.Candidates.Sort();
        var selected = candidates.Count <= keep / 2 ? context.TakeAll() : context.Select(space, keep);
        links.Set(context.Candidates.SelectedIds(selected), context.Candidates.SelectedScores(selected));
    }
}
