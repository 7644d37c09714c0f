using System.Runtime.CompilerServices;
using ServerlessRec.Index.Memory;
using ServerlessRec.Index.Search;

namespace ServerlessRec.Index.Building;

/// <summary>Slots of one capacity, side by side.</summary>
internal readonly unsafe struct LinkSlots(NativeBlock block, int capacity) : ILinks
{
    private readonly byte* _slots = block.Pointer;
    private readonly int _capacity = capacity;
    private readonly int _stride = LinkSlot.Stride(capacity);

    public int Capacity => _capacity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LinkSlot At(uint slot) => new((uint*)(_slots + ((long)slot * _stride)), _capacity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint slot) => Kernels.Prefetch.Lines(_slots + ((long)slot * _stride), sizeof(uint) * (1 + _capacity));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchNext(uint slot) => Prefetch(slot);

    public int Read(uint slot, uint* into) => At(slot).Read(into);
}
