using System.Buffers.Binary;

namespace ServerlessRec.Index.Snapshots;

/// <summary>The first 512 bytes: what the snapshot holds, and where each section lies. docs/formats/index-snapshot.md draws them.</summary>
internal sealed class SnapshotHeader
{
    public const int Bytes = 512;
    public const int Alignment = 64;
    public const int MaxCount = 1 << 30;
    public const int MaxUpperLevels = 32;
    public const uint Version = 1;

    private const ulong Magic = 0x0A1A_5753_4E48_5253; // "SRHNSW", 0x1A, LF
    private const int TableOffset = 96;
    private const int TableEntryBytes = 32;

    public required int Count { get; init; }

    public required int Dimensions { get; init; }

    public required Metric Metric { get; init; }

    public required VectorCodes Codes { get; init; }

    public required RerankVectors Rerank { get; init; }

    public required int M { get; init; }

    public required int EfConstruction { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Bytes of one node's compressed links.</summary>
    public required int LinkStride { get; init; }

    /// <summary>Bytes of the upper section before padding.</summary>
    public required long UpperLength { get; init; }

    /// <summary>The node at which walks of the bottom level start when there is no level above it.</summary>
    public required uint EntryNode { get; init; }

    /// <summary>Where each section lies, by kind.</summary>
    public SortedDictionary<SectionKind, Section> Sections { get; } = [];

    public long FileLength { get; private set; }

    /// <summary>Lays the sections out.</summary>
    public SnapshotHeader Arrange()
    {
        Sections.Clear();
        var strides = new SnapshotStrides(Dimensions, Metric, Codes, Rerank);
        var offset = (long)Bytes;
        foreach (var (kind, length) in strides.Lengths(Count, LinkStride, UpperLength))
        {
            Sections.Add(kind, new Section(offset, length, 0));
            offset += length;
        }
        FileLength = offset;
        return this;
    }

    public void SetChecksum(SectionKind kind, ulong checksum) => Sections[kind] = Sections[kind] with { Checksum = checksum };

    public unsafe void Write(Span<byte> destination)
    {
        destination[..Bytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], FileLength);
        BinaryPrimitives.WriteInt32LittleEndian(destination[24..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(destination[28..], Dimensions);
        destination[32] = (byte)Metric;
        destination[33] = (byte)Codes;
        destination[34] = (byte)Rerank;
        destination[35] = (byte)Sections.Count;
        BinaryPrimitives.WriteInt32LittleEndian(destination[36..], M);
        BinaryPrimitives.WriteInt32LittleEndian(destination[40..], EfConstruction);
        BinaryPrimitives.WriteInt32LittleEndian(destination[44..], LinkStride);
        BinaryPrimitives.WriteInt64LittleEndian(destination[48..], UpperLength);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[56..], Seed);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[64..], EntryNode);
        var entry = destination[TableOffset..];
        foreach (var (kind, section) in Sections)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)kind);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], section.Offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], section.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], section.Checksum);
            entry = entry[TableEntryBytes..];
        }
        BinaryPrimitives.WriteUInt64LittleEndian(destination[(Bytes - 8)..], HeaderChecksum(destination));
    }

    /// <summary>Reads and checks a header. Everything later code relies on is checked here.</summary>
    public static SnapshotHeader Read(ReadOnlySpan<byte> source, long actualLength)
    {
        Require(source.Length >= Bytes && actualLength >= Bytes, 0, $"the file has {actualLength} bytes, fewer than the header's {Bytes}.");
        Require(BinaryPrimitives.ReadUInt64LittleEndian(source) == Magic, 0, "this is not an index snapshot.");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        Require(version == Version, 8, $"version {version} is unknown; this program reads version {Version}.");
        var checksum = BinaryPrimitives.ReadUInt64LittleEndian(source[(Bytes - 8)..]);
        Require(checksum == HeaderChecksum(source), Bytes - 8, "the header's checksum does not match.");
        Require(BinaryPrimitives.ReadUInt32LittleEndian(source[12..]) == Bytes, 12, "the header's length is wrong.");
        var header = new SnapshotHeader
        {
            Count = BinaryPrimitives.ReadInt32LittleEndian(source[24..]),
            Dimensions = BinaryPrimitives.ReadInt32LittleEndian(source[28..]),
            Metric = (Metric)source[32],
            Codes = (VectorCodes)source[33],
            Rerank = (RerankVectors)source[34],
            M = BinaryPrimitives.ReadInt32LittleEndian(source[36..]),
            EfConstruction = BinaryPrimitives.ReadInt32LittleEndian(source[40..]),
            LinkStride = BinaryPrimitives.ReadInt32LittleEndian(source[44..]),
            UpperLength = BinaryPrimitives.ReadInt64LittleEndian(source[48..]),
            Seed = BinaryPrimitives.ReadUInt64LittleEndian(source[56..]),
            EntryNode = BinaryPrimitives.ReadUInt32LittleEndian(source[64..]),
        };
        header.RequireRanges();
        header.Arrange();
        Require(header.FileLength == BinaryPrimitives.ReadInt64LittleEndian(source[16..]), 16, "the file's length does not follow from its header.");
        Require(header.FileLength == actualLength, 16, $"the file should have {header.FileLength} bytes and has {actualLength}.");
        header.ReadTable(source);
        return header;
    }

    private void RequireRanges()
    {
        Require(Count is >= 0 and <= MaxCount, 24, $"count {Count} is not possible.");
        Require(Dimensions is >= HnswOptions.MinDimensions and <= HnswOptions.MaxDimensions, 28, $"dimensions {Dimensions} are not possible.");
        Require(Enum.IsDefined(Metric), 32, "the metric is unknown.");
        Require(Enum.IsDefined(Codes), 33, "the kind of codes is unknown.");
        Require(Enum.IsDefined(Rerank), 34, "the kind of rerank vectors is unknown.");
        Require(M is >= 4 and <= 64, 36, $"M {M} is not possible.");
        Require(EfConstruction is >= 4 and <= 4096, 40, $"efConstruction {EfConstruction} is not possible.");
        Require(LinkStride is >= 4 and <= 1024 && LinkStride % 4 == 0, 44, $"link stride {LinkStride} is not possible.");
        Require(UpperLength is >= 0 and <= 1L << 40 && UpperLength % 4 == 0, 48, $"upper section length {UpperLength} is not possible.");
        Require(EntryNode < Math.Max(Count, 1), 64, $"entry node {EntryNode} does not exist.");
    }

    private void ReadTable(ReadOnlySpan<byte> source)
    {
        Require(source[35] == Sections.Count, 35, $"there should be {Sections.Count} sections and there are {source[35]}.");
        var offset = TableOffset;
        foreach (var kind in Sections.Keys.ToArray())
        {
            var entry = source[offset..];
            Require(BinaryPrimitives.ReadUInt32LittleEndian(entry) == (uint)kind, offset, $"section {kind} should stand here.");
            var (start, length) = (BinaryPrimitives.ReadInt64LittleEndian(entry[8..]), BinaryPrimitives.ReadInt64LittleEndian(entry[16..]));
            Require(start == Sections[kind].Offset, offset + 8, $"the offset of section {kind} is wrong.");
            Require(length == Sections[kind].Length, offset + 16, $"the length of section {kind} is wrong.");
            SetChecksum(kind, BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]));
            offset += TableEntryBytes;
        }
    }

    private static unsafe ulong HeaderChecksum(ReadOnlySpan<byte> header)
    {
        Span<byte> copy = stackalloc byte[Bytes];
        header[..(Bytes - 8)].CopyTo(copy);
        copy[(Bytes - 8)..].Clear();
        fixed (byte* pointer = copy)
            return Checksum.Of(pointer, Bytes);
    }

    private static void Require(bool holds, long offset, string problem)
    {
        if (!holds)
            throw new SnapshotFormatException("header", offset, problem);
    }
}

/// <summary>Where a section lies in the file, and the checksum of its bytes with their padding.</summary>
internal readonly record struct Section(long Offset, long Length, ulong Checksum);
