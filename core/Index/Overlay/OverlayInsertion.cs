using ServerlessRec.Index.Building;
using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Search;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Overlay;

/// <summary>Links a node that an overlay adds, at the bottom level: as a build would, among what lives.</summary>
internal sealed unsafe class OverlayInsertion(SnapshotImage image, OverlayNodes nodes, BaseChanges changes, BuildContext context, int efConstruction)
{
    private readonly uint _baseCount = (uint)image.Count;
    private readonly int _m = image.Header.M;

    /// <summary>The node's code and numbers are written; after the call other nodes lead to it.</summary>
    public void Link<TSpace>(uint node, in OverlayView view, in TSpace space)
        where TSpace : struct, INodeSpace
    {
        if (node == 0)
            return;
        var search = context.Search;
        space.LoadNode(node, ref search.Query);
        var entry = _baseCount == 0 ? 0 : image.Upper.Descend(space, search.Query, image.Header.EntryNode, search.Nodes, search.Scores);
        search.Pool.Begin(efConstruction, 0);
        GraphWalk.Collect(view, space, new MatchAll(), search.Query, entry, search, search.Visited.Begin((int)view.Limit), long.MaxValue);
        // Kept, because linking back reuses the candidates.
        var chosen = context.Chosen(0);
        chosen.Set(context.Candidates, Choose(view, space));
        nodes.View.Links(node - _baseCount).Set(chosen.Ids, chosen.Scores);
        for (var i = 0; i < chosen.Ids.Length; i++)
            LinkBack(chosen.Ids[i], node, chosen.Scores[i], view, space);
    }

    private int Choose<TSpace>(in OverlayView view, in TSpace space)
        where TSpace : struct, INodeSpace
    {
        var pool = context.Search.Pool;
        context.Candidates.Clear();
        for (var i = 0; i < pool.Size; i++)
        {
            if (view.IsLive(pool.Node(i)))
                context.Candidates.Add(pool.Node(i), pool.Score(i));
        }
        // When everything near was removed, removed nodes are the only way here.
        for (var i = 0; context.Candidates.Count == 0 && i < pool.Size; i++)
            context.Candidates.Add(pool.Node(i), pool.Score(i));
        return context.Select(space, _m);
    }

    private void LinkBack<TSpace>(uint from, uint to, float score, in OverlayView view, in TSpace space)
        where TSpace : struct, INodeSpace
    {
        var publish = from < _baseCount && !changes.View.HasLinks(from);
        var links = publish ? CopyBaseLinks(from, space)
            : from < _baseCount ? changes.View.Links(from)
            : nodes.View.Links(from - _baseCount);
        if (links.Count == links.Capacity)
            context.Prune(space, links, 2 * _m);
        links.Append(to, score);
        if (publish)
            changes.Publish(from, links);
    }

    private LinkSlot CopyBaseLinks<TSpace>(uint node, in TSpace space)
        where TSpace : struct, INodeSpace
    {
        var search = context.Search;
        var links = changes.Reserve();
        var count = Math.Min(image.Links.Read(node, search.Nodes), links.Capacity);
        space.LoadNode(node, ref search.Other);
        space.Score(search.Other, search.Nodes, count, search.Scores);
        links.Set(new ReadOnlySpan<uint>(search.Nodes, count), new ReadOnlySpan<float>(search.Scores, count));
        return links;
    }
}
