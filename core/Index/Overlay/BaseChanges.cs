using System.Runtime.CompilerServices;
using ServerlessRec.Index.Building;
using ServerlessRec.Index.Memory;

namespace ServerlessRec.Index.Overlay;

/// <summary>What an overlay changes about the base's nodes: which are removed, and the links of those that gained some.</summary>
internal sealed unsafe class BaseChanges : IDisposable
{
    private const int SlotsPerChunk = 256;

    private readonly NativeBlock _removed;
    private readonly NativeBlock _links;
    private readonly NativeBlock _isRemoved;
    private readonly NativeBlock _isLinked;
    private readonly List<NativeBlock> _chunks = [];
    private readonly int _capacity;
    private int _used;

    public BaseChanges(int nodes, int linkCapacity)
    {
        _removed = new NativeBlock((long)nodes * sizeof(uint));
        _links = new NativeBlock((long)nodes * sizeof(long));
        _capacity = linkCapacity;
        var words = (nodes + 63L) / 64;
        _isRemoved = new NativeBlock(words * sizeof(ulong));
        _isLinked = new NativeBlock(words * sizeof(ulong));
        View = new BaseChangeView(
            (ulong*)_isRemoved.Pointer, (uint*)_removed.Pointer, (ulong*)_isLinked.Pointer, (nint*)_links.Pointer, linkCapacity);
    }

    public BaseChangeView View { get; }

    /// <summary>An empty slot, not yet visible.</summary>
    public LinkSlot Reserve()
    {
        if (_used == _chunks.Count * SlotsPerChunk)
            _chunks.Add(new NativeBlock((long)SlotsPerChunk * LinkSlot.Stride(_capacity)));
        var at = _used++ % SlotsPerChunk;
        return new LinkSlot((uint*)(_chunks[^1].Pointer + ((long)at * LinkSlot.Stride(_capacity))), _capacity);
    }

    /// <summary>Makes a filled slot the links of a node.</summary>
    public void Publish(uint node, LinkSlot slot)
    {
        Volatile.Write(ref ((nint*)_links.Pointer)[node], (nint)(slot.Ids - 1));
        Mark(_isLinked, node);
    }

    public void Remove(uint node, uint change)
    {
        Volatile.Write(ref ((uint*)_removed.Pointer)[node], change);
        Mark(_isRemoved, node);
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks)
            chunk.Dispose();
        _removed.Dispose();
        _links.Dispose();
        _isRemoved.Dispose();
        _isLinked.Dispose();
    }

    // One writer at a time; a reader that sees the bit sees what was written before it.
    private static void Mark(NativeBlock bits, uint node)
    {
        ref var word = ref ((ulong*)bits.Pointer)[node >> 6];
        Volatile.Write(ref word, word | (1UL << (int)node));
    }
}

/// <summary>
/// The readers' side of <see cref="BaseChanges"/>. Most nodes are unchanged, and a bit says so: the bits of all nodes stay in the nearest
/// cache, the tables behind them would not.
/// </summary>
internal readonly unsafe struct BaseChangeView(ulong* isRemoved, uint* removed, ulong* isLinked, nint* links, int capacity)
{
    private readonly ulong* _isRemoved = isRemoved;
    private readonly uint* _removed = removed;
    private readonly ulong* _isLinked = isLinked;
    private readonly nint* _links = links;

    /// <summary>The change that removed a node, 0 while it lives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Removed(uint node) => IsMarked(_isRemoved, node) ? Volatile.Read(ref _removed[node]) : 0;

    /// <summary>Whether a node's links are others than the base's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasLinks(uint node) => IsMarked(_isLinked, node);

    /// <summary>Asks for the place where the links of a node that has others are named.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint node) => Kernels.Prefetch.Line(_links + node);

    /// <summary>The links of a node that has others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LinkSlot Links(uint node) => new((uint*)Volatile.Read(ref _links[node]), capacity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMarked(ulong* bits, uint node) => (Volatile.Read(ref bits[node >> 6]) & (1UL << (int)node)) != 0;
}
