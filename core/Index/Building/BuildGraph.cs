using ServerlessRec.Index.Memory;
using ServerlessRec.Index.Search;

namespace ServerlessRec.Index.Building;

/// <summary>The graph while it grows: a level for each node, links that can change, and locks for those who change them.</summary>
internal sealed unsafe class BuildGraph : IDisposable
{
    // Lists may grow beyond what stays, so that they are pruned once in a while and not at every new link.
    private const int SlackDivisor = 4;

    private readonly NativeBlock _bottom;
    private readonly NativeBlock _upper;
    private readonly NativeBlock _upperSlots;
    private readonly NativeBlock _levels;
    private readonly int[] _locks = new int[1 << 14];

    /// <summary>An empty graph. Nodes for which <paramref name="mayEnter"/> is false are not where walks begin.</summary>
    public BuildGraph(HnswOptions options, int count, Func<int, int> levelOf, Predicate<int>? mayEnter = null)
    {
        Count = count;
        MaxBottomLinks = 2 * options.M;
        MaxUpperLinks = options.M;
        _levels = new NativeBlock(count);
        _upperSlots = new NativeBlock((long)count * sizeof(uint));
        var slots = AssignLevels(levelOf, mayEnter);
        var bottomCapacity = MaxBottomLinks + (MaxBottomLinks / SlackDivisor);
        var upperCapacity = MaxUpperLinks + (MaxUpperLinks / SlackDivisor);
        _bottom = new NativeBlock((long)count * LinkSlot.Stride(bottomCapacity));
        _upper = new NativeBlock(slots * LinkSlot.Stride(upperCapacity));
        Bottom = new LinkSlots(_bottom, bottomCapacity);
        UpperSlots = new LinkSlots(_upper, upperCapacity);
    }

    public int Count { get; }

    /// <summary>The first node that reaches the top level. It counts as inserted from the start, so it never changes.</summary>
    public uint Entry { get; private set; }

    public int TopLevel { get; private set; }

    public int MaxBottomLinks { get; }

    public int MaxUpperLinks { get; }

    public LinkSlots Bottom { get; }

    public LinkSlots UpperSlots { get; }

    public int Level(uint node) => _levels.Pointer[node];

    private uint UpperSlot(uint node, int level) => ((uint*)_upperSlots.Pointer)[node] + (uint)level - 1;

    public UpperSlotLinks Upper(int level) => new(UpperSlots, (uint*)_upperSlots.Pointer, (uint)level - 1);

    public int MaxLinks(int level) => level == 0 ? MaxBottomLinks : MaxUpperLinks;

    public LinkSlot Links(uint node, int level) => level == 0 ? Bottom.At(node) : UpperSlots.At(UpperSlot(node, level));

    /// <summary>Held while a node's list is changed.</summary>
    public void Lock(uint node)
    {
        ref var gate = ref _locks[node & (uint)(_locks.Length - 1)];
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref gate, 1, 0) != 0)
            spin.SpinOnce(-1);
    }

    public void Unlock(uint node) => Volatile.Write(ref _locks[node & (uint)(_locks.Length - 1)], 0);

    public void Dispose()
    {
        _bottom.Dispose();
        _upper.Dispose();
        _upperSlots.Dispose();
        _levels.Dispose();
    }

    private long AssignLevels(Func<int, int> levelOf, Predicate<int>? mayEnter)
    {
        var slots = 0L;
        TopLevel = -1;
        for (var node = 0; node < Count; node++)
        {
            var level = levelOf(node);
            _levels.Pointer[node] = (byte)level;
            ((uint*)_upperSlots.Pointer)[node] = checked((uint)slots);
            slots += level;
            if (level <= TopLevel || (mayEnter is not null && !mayEnter(node)))
                continue;
            TopLevel = level;
            Entry = (uint)node;
        }
        TopLevel = Math.Max(TopLevel, 0);
        return slots;
    }
}

/// <summary>The links of one upper level, by node.</summary>
internal readonly unsafe struct UpperSlotLinks(LinkSlots slots, uint* slotOfNode, uint offset) : ILinks
{
    private readonly LinkSlots _slots = slots;
    private readonly uint* _slotOfNode = slotOfNode;
    private readonly uint _offset = offset;

    public void Prefetch(uint node)
    {
    }

    public void PrefetchNext(uint node)
    {
    }

    public int Read(uint node, uint* into) => _slots.Read(_slotOfNode[node] + _offset, into);
}
