using System.Runtime.CompilerServices;
using ServerlessRec.Index.Building;
using ServerlessRec.Index.Memory;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Overlay;

/// <summary>
/// The nodes that an overlay adds, in chunks that never move: readers hold no lock, so memory that a reader may look at is only freed
/// with the overlay.
/// </summary>
internal sealed unsafe class OverlayNodes : IDisposable
{
    public const int MaxNodes = MaxChunks * ChunkNodes;

    private const int ChunkShift = 8;
    private const int ChunkNodes = 1 << ChunkShift;
    private const int MaxChunks = 1 << 16;

    private readonly NativeBlock _table = new(MaxChunks * sizeof(long));
    private readonly List<NativeBlock> _chunks = [];
    private readonly int _codeStride;
    private readonly int _vectorElements;
    private readonly int _linkCapacity;

    public OverlayNodes(SnapshotStrides strides, int dimensions, int linkCapacity)
    {
        _codeStride = strides.CodeStride;
        _vectorElements = (dimensions + Kernels.FloatKernel.Step - 1) / Kernels.FloatKernel.Step * Kernels.FloatKernel.Step;
        _linkCapacity = linkCapacity;
        View = new OverlayNodeView((byte**)_table.Pointer, _codeStride, _vectorElements, linkCapacity);
    }

    public int Count { get; private set; }

    public OverlayNodeView View { get; }

    /// <summary>Makes room for one node and returns its slot; nothing leads to it yet.</summary>
    public int Append()
    {
        if (Count == MaxNodes)
            throw new InvalidOperationException($"The overlay holds {MaxNodes} changes; merge it.");
        if (Count == _chunks.Count << ChunkShift)
        {
            var chunk = new NativeBlock((long)ChunkNodes * View.NodeBytes);
            _chunks.Add(chunk);
            ((byte**)_table.Pointer)[_chunks.Count - 1] = chunk.Pointer;
        }
        return Count++;
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks)
            chunk.Dispose();
        _table.Dispose();
    }
}

/// <summary>Where the parts of an added node lie.</summary>
internal readonly unsafe struct OverlayNodeView(byte** chunks, int codeStride, int vectorElements, int linkCapacity)
{
    private const int ChunkShift = 8;
    private const uint ChunkMask = (1 << ChunkShift) - 1;

    private readonly byte** _chunks = chunks;
    private readonly int _codeStride = codeStride;
    private readonly int _vectorElements = vectorElements;
    private readonly int _linkStride = LinkSlot.Stride(linkCapacity);
    private readonly int _linkCapacity = linkCapacity;

    public int VectorElements => _vectorElements;

    public int NodeBytes => (_codeStride + (_vectorElements * sizeof(float)) + _linkStride + sizeof(OverlayNodeNumbers) + 63) / 64 * 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Code(uint slot) => _chunks[slot >> ChunkShift] + ((long)(slot & ChunkMask) * NodeBytes);

    /// <summary>The whole vector, padded with zeros.</summary>
    public float* Vector(uint slot) => (float*)(Code(slot) + _codeStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OverlayNodeNumbers* Numbers(uint slot) => (OverlayNodeNumbers*)(Code(slot) + _codeStride + (_vectorElements * sizeof(float)));

    public LinkSlot Links(uint slot) => new((uint*)(Numbers(slot) + 1), _linkCapacity);
}

/// <summary>The numbers of one added node.</summary>
internal struct OverlayNodeNumbers
{
    public float Scale;
    public float Bias;
    public int Ordinal;

    /// <summary>The change that removed the node, 0 while it lives.</summary>
    public uint Removed;
}
