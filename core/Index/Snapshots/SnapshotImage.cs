using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Memory;

namespace ServerlessRec.Index.Snapshots;

/// <summary>
/// A whole snapshot in memory, exactly as in the file: built, loaded and mapped indexes are the same bytes. Owns the memory.
/// Little-endian processors only, as .NET itself today.
/// </summary>
internal sealed unsafe class SnapshotImage : IDisposable
{
    private readonly IMemoryBlock _block;
    private readonly NativeBlock _nodes;

    private SnapshotImage(IMemoryBlock block, SnapshotHeader header)
    {
        _block = block;
        Header = header;
        Strides = new SnapshotStrides(header.Dimensions, header.Metric, header.Codes, header.Rerank);
        Upper = UpperLevels.Read(Pointer(SectionKind.Upper), header.Sections[SectionKind.Upper].Offset, header);
        Ordinals = (int*)Pointer(SectionKind.Ordinals);
        _nodes = InvertOrdinals();
    }

    public SnapshotHeader Header { get; }

    public SnapshotStrides Strides { get; }

    public UpperLevels Upper { get; }

    /// <summary>The ordinal of each node.</summary>
    public int* Ordinals { get; }

    /// <summary>The node of each ordinal.</summary>
    public uint* Nodes => (uint*)_nodes.Pointer;

    public int Count => Header.Count;

    public ReadOnlySpan<float> Centre => Header.Sections.ContainsKey(SectionKind.Centre)
        ? new ReadOnlySpan<float>(Pointer(SectionKind.Centre), Header.Dimensions)
        : default;

    public Int8Space Int8Space =>
        new((sbyte*)Pointer(SectionKind.Codes), Strides.CodeStride, (float*)Pointer(SectionKind.Scales), (float*)OptionalPointer(SectionKind.Biases));

    public Float32Space Float32Space =>
        new((float*)Pointer(SectionKind.Codes), Strides.CodeElements, Header.Metric == Metric.SquaredL2);

    public SnapshotLinks Links => new((ushort*)Pointer(SectionKind.Links), Header.LinkStride / sizeof(ushort), (uint)Count);

    public byte* Pointer(SectionKind kind) => _block.Pointer + Header.Sections[kind].Offset;

    public byte* OptionalPointer(SectionKind kind) => Header.Sections.TryGetValue(kind, out var section) ? _block.Pointer + section.Offset : null;

    /// <summary>Takes over a block whose sections are written; writes the header with their checksums.</summary>
    public static SnapshotImage Seal(NativeBlock block, SnapshotHeader header)
    {
        foreach (var (kind, section) in header.Sections.ToArray())
            header.SetChecksum(kind, Checksum.Of(block.Pointer + section.Offset, section.Length));
        header.Write(new Span<byte>(block.Pointer, SnapshotHeader.Bytes));
        return new SnapshotImage(block, header);
    }

    /// <summary>Checks a block that came from outside; it is disposed when it is refused.</summary>
    public static SnapshotImage Open(IMemoryBlock block)
    {
        try
        {
            var header = SnapshotHeader.Read(new ReadOnlySpan<byte>(block.Pointer, (int)Math.Min(block.Length, SnapshotHeader.Bytes)), block.Length);
            foreach (var (kind, section) in header.Sections)
                RequireChecksum(kind, section, Checksum.Of(block.Pointer + section.Offset, section.Length));
            return new SnapshotImage(block, header);
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a block that was read, with each checksum compared on the way.</summary>
    public static SnapshotImage Accept(NativeBlock block, SnapshotHeader header) => new(block, header);

    public static void RequireChecksum(SectionKind kind, Section section, ulong actual)
    {
        if (section.Checksum != actual)
            throw new SnapshotFormatException(kind.ToString(), section.Offset, $"the checksum of its {section.Length} bytes does not match; fetch the file again.");
    }

    public void Save(Stream destination)
    {
        const int Chunk = 1 << 20;
        for (long at = 0; at < _block.Length; at += Chunk)
            destination.Write(new ReadOnlySpan<byte>(_block.Pointer + at, (int)Math.Min(Chunk, _block.Length - at)));
    }

    public void Dispose()
    {
        _nodes.Dispose();
        _block.Dispose();
    }

    private NativeBlock InvertOrdinals()
    {
        var count = Header.Count;
        var inverse = new NativeBlock((long)count * sizeof(uint));
        var nodes = (uint*)inverse.Pointer;
        new Span<uint>(nodes, count).Fill(uint.MaxValue);
        for (var node = 0; node < count; node++)
        {
            var ordinal = Ordinals[node];
            if ((uint)ordinal >= (uint)count || nodes[ordinal] != uint.MaxValue)
            {
                inverse.Dispose();
                throw new SnapshotFormatException("Ordinals", Header.Sections[SectionKind.Ordinals].Offset + (node * 4L), $"ordinal {ordinal} is out of range or there twice.");
            }
            nodes[ordinal] = (uint)node;
        }
        return inverse;
    }
}
