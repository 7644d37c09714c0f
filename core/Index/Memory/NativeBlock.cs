using System.Buffers;
using System.Runtime.InteropServices;

namespace ServerlessRec.Index.Memory;

/// <summary>
/// Native memory in large pages where the system gives them: a walk jumps all over it, and each small page would cost a TLB miss.
/// The collector is not told of it: its owner disposes it, and told, it makes a full collection at every load of an index.
/// </summary>
internal sealed unsafe class NativeBlock : SafeHandle, IMemoryBlock
{
    private const long LargePage = 2 << 20;

    // What the kernel gave, of which the block is an aligned part; 0 for a block of the C library's.
    private readonly nint _mapping;
    private readonly nuint _mapped;

    /// <summary>Allocates; without <paramref name="zeroed"/> the bytes are whatever was there.</summary>
    public NativeBlock(long length, bool zeroed = true)
        : base(0, ownsHandle: true)
    {
        Length = length;
        var bytes = (nuint)Math.Max(length, 64);
        var alignment = length >= 2 * LargePage ? (nuint)LargePage : 64;
        if (length >= KernelPages.Smallest && KernelPages.Exist)
        {
            _mapped = bytes + alignment;
            _mapping = KernelPages.Map(_mapped);
            if (_mapping == 0)
                throw new InsufficientMemoryException($"The system has no {_mapped} bytes of memory left.");
            SetHandle((nint)(((nuint)_mapping + alignment - 1) & ~(alignment - 1)));
        }
        else
        {
            SetHandle((nint)NativeMemory.AlignedAlloc(bytes, alignment));
            if (zeroed)
                NativeMemory.Clear((void*)handle, bytes);
        }

        if (alignment == (nuint)LargePage)
            LargePages.Advise(handle, (long)bytes);
    }

    public byte* Pointer => (byte*)handle;

    public long Length { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>A part of the block for asynchronous readers; not to be used once the block is disposed.</summary>
    public Memory<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new View(this, offset, length).Memory;
    }

    protected override bool ReleaseHandle()
    {
        if (_mapping != 0)
            KernelPages.Unmap(_mapping, _mapped);
        else
            NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    private sealed class View(NativeBlock block, long offset, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(block.Pointer + offset, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(block.Pointer + offset + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
