using System.Runtime.CompilerServices;
using ServerlessRec.Index.Search;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Overlay;

/// <summary>Base and overlay as one graph, as it stood after one change. Nodes from the base's count on are the overlay's.</summary>
internal readonly unsafe struct OverlayView(
    SnapshotLinks baseLinks, uint baseCount, BaseChangeView changes, OverlayNodeView nodes, int* baseOrdinals, OverlayState state) : ILinks
{
    private readonly SnapshotLinks _baseLinks = baseLinks;
    private readonly BaseChangeView _changes = changes;
    private readonly OverlayNodeView _nodes = nodes;
    private readonly int* _baseOrdinals = baseOrdinals;
    private readonly uint _baseCount = baseCount;
    private readonly uint _limit = baseCount + state.Nodes;
    private readonly uint _change = state.Change;

    /// <summary>Nodes of base and overlay.</summary>
    public uint Limit => _limit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint node)
    {
        if (node >= _baseCount)
            _nodes.Links(node - _baseCount).Prefetch();
        else if (_changes.HasLinks(node))
            _changes.Prefetch(node);
        else
            _baseLinks.Prefetch(node);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchNext(uint node)
    {
        if (node < _baseCount && _changes.HasLinks(node))
            _changes.Links(node).Prefetch();
        else
            Prefetch(node);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(uint node, uint* into)
    {
        if (node < _baseCount && !_changes.HasLinks(node))
            return _baseLinks.Read(node, into);
        var slot = node < _baseCount ? _changes.Links(node) : _nodes.Links(node - _baseCount);
        var count = slot.Count;
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            // Nodes added after this view began are not there yet.
            var id = slot.Ids[i];
            into[kept] = id;
            kept += id < _limit ? 1 : 0;
        }
        return kept;
    }

    /// <summary>Whether a node was there after the view's change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLive(uint node)
    {
        var removed = node < _baseCount ? _changes.Removed(node) : Volatile.Read(ref _nodes.Numbers(node - _baseCount)->Removed);
        return removed == 0 || removed > _change;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Ordinal(uint node) => node < _baseCount ? _baseOrdinals[node] : _nodes.Numbers(node - _baseCount)->Ordinal;
}

/// <summary>How many changes and how many nodes there are; published as one number, so that a reader sees both of one moment.</summary>
internal readonly record struct OverlayState(uint Change, uint Nodes)
{
    public static OverlayState From(ulong packed) => new((uint)(packed >> 32), (uint)packed);

    public ulong Packed => ((ulong)Change << 32) | Nodes;
}

/// <summary>Live nodes that the filter lets pass.</summary>
internal readonly ref struct MatchLive(OverlayView view, SearchFilter filter) : IMatch
{
    private readonly OverlayView _view = view;
    private readonly SearchFilter _filter = filter;
    private readonly bool _filtered = !filter.IsEmpty;

    public bool Matches(uint node) => _view.IsLive(node) && (!_filtered || _filter.Matches(_view.Ordinal(node)));
}
