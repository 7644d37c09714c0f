using System.Buffers.Binary;
using System.IO.Hashing;

namespace ServerlessRec.Recommender.Catalogue;

/// <summary>Header and section directory of items.bin (docs/formats/items-bin.md), little-endian.</summary>
internal sealed class ItemTableHeader
{
    public const uint CurrentFormat = 1;
    public const int FixedLength = 64;
    public const int EntryLength = 32;
    public const int SectionAlignment = 64;
    public const int SectionCount = 20;

    private const int ChecksumAt = 32;

    public required int Rows { get; init; }

    public required int Categories { get; init; }

    public long FileLength { get; set; }

    public (long Offset, long Length, ulong Checksum)[] Sections { get; } = new (long, long, ulong)[SectionCount + 1];

    public static int Length => FixedLength + (SectionCount * EntryLength);

    private static ReadOnlySpan<byte> Magic => "SRITEMS\n"u8;

    public byte[] Write()
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), CurrentFormat);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), SectionCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), FileLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), Rows);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), Categories);
        for (var section = 1; section <= SectionCount; section++)
        {
            var entry = bytes.AsSpan(FixedLength + ((section - 1) * EntryLength), EntryLength);
            BinaryPrimitives.WriteInt32LittleEndian(entry, section);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], Sections[section].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], Sections[section].Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], Sections[section].Checksum);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(ChecksumAt), XxHash64.HashToUInt64(bytes));
        return bytes;
    }

    /// <exception cref="ItemTableFormatException">The bytes are no header of a file of <paramref name="fileLength"/> bytes.</exception>
    public static ItemTableHeader Read(ReadOnlySpan<byte> file, long fileLength)
    {
        Require(file.Length >= Length, 0, $"the file is {fileLength} bytes long, shorter than its header");
        Require(file[..8].SequenceEqual(Magic), 0, "it does not begin with the mark of an items.bin");
        var format = BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        Require(format == CurrentFormat, 8, $"its format is {format}, this version reads {CurrentFormat}");
        Span<byte> header = stackalloc byte[Length];
        file[..Length].CopyTo(header);
        header.Slice(ChecksumAt, 8).Clear();
        Require(BinaryPrimitives.ReadUInt64LittleEndian(file[ChecksumAt..]) == XxHash64.HashToUInt64(header), ChecksumAt, "the header's checksum is wrong");
        Require(BinaryPrimitives.ReadInt32LittleEndian(file[12..]) == SectionCount, 12, $"it does not have {SectionCount} sections");
        var read = new ItemTableHeader
        {
            FileLength = BinaryPrimitives.ReadInt64LittleEndian(file[16..]),
            Rows = BinaryPrimitives.ReadInt32LittleEndian(file[24..]),
            Categories = BinaryPrimitives.ReadInt32LittleEndian(file[28..]),
        };
        Require(read.FileLength == fileLength, 16, $"the file is {fileLength} bytes long, its header says {read.FileLength}");
        Require(read.Rows >= 0 && read.Categories >= 0, 24, "its counts are negative");
        for (var section = 1; section <= SectionCount; section++)
        {
            var at = FixedLength + ((section - 1) * EntryLength);
            var entry = file.Slice(at, EntryLength);
            var offset = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
            var length = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);
            Require(BinaryPrimitives.ReadInt32LittleEndian(entry) == section, at, $"section {section} does not stand in its place");
            Require(
                offset >= Length && offset % SectionAlignment == 0 && length >= 0 && length <= fileLength - offset,
                at,
                $"section {(ItemTableSection)section} does not lie inside the file");
            read.Sections[section] = (offset, length, BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]));
        }

        return read;
    }

    private static void Require(bool holds, long offset, string otherwise)
    {
        if (!holds)
        {
            throw new ItemTableFormatException("header", offset, otherwise);
        }
    }
}
