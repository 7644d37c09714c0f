using System.Buffers;
using System.Runtime.InteropServices;
using ServerlessRec.Index.Memory;

namespace ServerlessRec.Recommender.Buffers;

/// <summary>
/// A block of native memory, 64-byte aligned, outside the garbage collector's heap. The owner disposes it when nobody reads it any more.
/// Spans of it must not outlive it.
/// </summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;

    private readonly bool _isMapped;
    private void* _pointer;

    /// <summary>Allocates <paramref name="length"/> bytes; what they hold is undefined.</summary>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _isMapped = length >= KernelPages.Smallest && KernelPages.Exist;
        _pointer = _isMapped ? (void*)KernelPages.Map((nuint)length) : NativeMemory.AlignedAlloc((nuint)Math.Max(1, length), Alignment);
        if (_pointer is null)
        {
            throw new InsufficientMemoryException($"The system has no {length} bytes of memory left.");
        }
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was freed.</exception>
    public byte* First
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer is null, this);
            return (byte*)_pointer;
        }
    }

    /// <summary>Bytes from <paramref name="offset"/>.</summary>
    public Span<byte> Span(long offset, int length)
    {
        CheckRange(offset, length);
        return new Span<byte>(First + offset, length);
    }

    /// <summary>Bytes from <paramref name="offset"/>, for asynchronous readers.</summary>
    public Memory<byte> Memory(long offset, int length)
    {
        CheckRange(offset, length);
        return new View(First + offset, length).Memory;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pointer is not null)
        {
            if (_isMapped)
            {
                KernelPages.Unmap((nint)_pointer, (nuint)Length);
            }
            else
            {
                NativeMemory.AlignedFree(_pointer);
            }

            _pointer = null;
        }
    }

    private void CheckRange(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
    }

    private sealed class View(byte* pointer, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(pointer, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(pointer + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
