using System.Runtime.InteropServices;
using ServerlessRec.Index.Building;
using ServerlessRec.Index.Codes;

namespace ServerlessRec.Index.Overlay;

/// <summary>
/// Links of base and overlay under the new ordinals. In place of a removed node a list is offered what that node led to (Singh et al.,
/// "FreshDiskANN", 2021, algorithm 4), so that the way through it stays open; <see cref="LinkMending{TSpace}"/> says what it takes.
/// </summary>
internal sealed unsafe class MergeLinks<TSpace>(
    MergeParts parts, BuildGraph graph, TSpace space, HnswOptions options, CancellationToken cancellationToken)
    where TSpace : struct, INodeSpace
{
    private const uint Gone = uint.MaxValue;

    private readonly uint[] _ordinals = Invert(parts);
    private readonly LinkMending<TSpace> _mending = new(graph, space);

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
        build.LinkBack([.. _mending.LinksBack]);
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
        var kept = new List<uint>(count);
        var removed = stackalloc uint[count];
        var lost = 0;
        for (var i = 0; i < count; i++)
        {
            var target = _ordinals[found[i]];
            if (target == Gone)
                removed[lost++] = found[i];
            else
                kept.Add(target);
        }
        var links = graph.Bottom.At(ordinal);
        if (lost == 0 && kept.Count <= graph.MaxBottomLinks)
        {
            links.SetUnscored(CollectionsMarshal.AsSpan(kept));
            return;
        }
        var visited = context.Search.Visited.Begin(graph.Count);
        visited.Enter(ordinal);
        foreach (var target in kept)
            visited.Enter(target);
        var offered = new List<uint>(count * lost);
        for (var i = 0; i < lost; i++)
        {
            count = parts.View.Read(removed[i], found);
            for (var j = 0; j < count; j++)
            {
                var target = _ordinals[found[j]];
                if (target != Gone && visited.Enter(target))
                    offered.Add(target);
            }
        }
        _mending.Mend(new(ordinal, 0, lost), kept, offered, context);
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
                var (kept, offered) = (new List<uint>(), new HashSet<uint>());
                var count = level.ReadLinks(entry, found);
                for (var j = 0; j < count; j++)
                    KeepOrReplace(level, found[j], kept, offered);
                offered.Remove(ordinal);
                offered.ExceptWith(kept);
                _mending.Mend(new(ordinal, number, count - kept.Count), kept, [.. offered], context);
            }
        }
    }

    private void KeepOrReplace(in Snapshots.UpperLevel level, uint entry, List<uint> kept, HashSet<uint> offered)
    {
        var ordinal = _ordinals[level.Nodes[entry]];
        if (ordinal != Gone)
        {
            kept.Add(ordinal);
            return;
        }
        var found = stackalloc uint[64];
        var count = level.ReadLinks(entry, found);
        for (var i = 0; i < count; i++)
        {
            if (_ordinals[level.Nodes[found[i]]] is var target && target != Gone)
                offered.Add(target);
        }
    }
}
