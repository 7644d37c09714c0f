using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ServerlessRec.Index.Building;
using ServerlessRec.Index.Codes;

namespace ServerlessRec.Index.Overlay;

/// <summary>
/// Mends lists that lost links to removed nodes. What is left of a list stays: chosen again by algorithm 4 as a whole, it would lose the links
/// that others made to it, and a twentieth of the nodes replaced would cost a fifth of all links. A list grows back to its length, and whoever
/// is newly linked gets a link back, as in a build; otherwise fewer and fewer nodes can be reached with every merge.
/// </summary>
internal sealed class LinkMending<TSpace>(BuildGraph graph, TSpace space)
    where TSpace : struct, INodeSpace
{
    private readonly ConcurrentQueue<NewLink> _back = new();

    /// <summary>Links to the mended nodes that are still to be made. In one order when one thread mends.</summary>
    public IReadOnlyCollection<NewLink> LinksBack => _back;

    /// <summary>Sets a list from what is left of it and what is offered, none of which may stand in it already. Threads mend different lists.</summary>
    public void Mend(MendedList list, List<uint> kept, List<uint> offered, BuildContext context)
    {
        var keep = graph.MaxLinks(list.Level);
        var candidates = context.Candidates;
        space.LoadNode(list.Node, ref context.Search.Query);
        candidates.Clear();
        Add(kept, context);
        int selected;
        if (kept.Count > keep)
        {
            // What was linked back last stands last: cut off, added nodes would be hard to find.
            candidates.Sort();
            selected = context.Select(space, keep);
        }
        else
        {
            Add(offered, context);
            candidates.Sort(from: kept.Count);
            selected = context.Extend(space, kept.Count, Math.Min(keep, kept.Count + list.Lost), keep, out var uncovered);
            for (var i = kept.Count; i < kept.Count + uncovered; i++)
                _back.Enqueue(new(candidates.SelectedIds(selected)[i], list.Node, candidates.SelectedScores(selected)[i], list.Level));
        }
        graph.Links(list.Node, list.Level).Set(candidates.SelectedIds(selected), candidates.SelectedScores(selected));
    }

    private unsafe void Add(List<uint> nodes, BuildContext context)
    {
        var search = context.Search;
        var ids = CollectionsMarshal.AsSpan(nodes);
        for (var i = 0; i < ids.Length; i += 4)
        {
            var group = ids.Slice(i, Math.Min(4, ids.Length - i));
            group.CopyTo(new Span<uint>(search.Nodes, group.Length));
            space.Score(search.Query, search.Nodes, group.Length, search.Scores);
            for (var j = 0; j < group.Length; j++)
                context.Candidates.Add(group[j], search.Scores[j]);
        }
    }
}

/// <summary>A node's list on one level, and how many links it lost.</summary>
internal readonly record struct MendedList(uint Node, int Level, int Lost);
