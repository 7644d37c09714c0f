using System.Buffers.Binary;
using System.IO.Hashing;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>
/// One append in the log: length, CRC-32 over its place and content, time, records. It is valid as a whole or not at all, so an append
/// is in the log whole or not at all.
/// </summary>
/// <remarks>u32 content length | u32 CRC | content: i64 accepted at (Unix ms), u32 records, each u16 partition, i64 sequence, u32 length, bytes.</remarks>
internal static class LogFrame
{
    public const int HeaderBytes = 8;
    public const int ContentHeaderBytes = 12;
    public const int RecordHeaderBytes = 14;

    /// <summary>Larger lengths are damage.</summary>
    public const int MaxContentBytes = 64 << 20;

    /// <summary>Fills in the header of a frame whose content is complete.</summary>
    public static void Seal(Span<byte> frame, long position)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame[HeaderBytes..], position));
    }

    /// <summary>
    /// The length of the whole frame that begins at <paramref name="bytes"/>; 0: it goes on behind them; -1: it is damaged.
    /// </summary>
    public static int Measure(ReadOnlySpan<byte> bytes, long position)
    {
        if (bytes.Length < HeaderBytes)
        {
            return 0;
        }

        var content = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (content is < ContentHeaderBytes or > MaxContentBytes)
        {
            return -1;
        }

        if (bytes.Length < HeaderBytes + content)
        {
            return 0;
        }

        var isWhole = Checksum(bytes.Slice(HeaderBytes, content), position) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        return isWhole ? HeaderBytes + content : -1;
    }

    /// <summary>The records of a whole frame.</summary>
    public static FrameRecords Records(ReadOnlySpan<byte> frame) => new(frame[HeaderBytes..]);

    private static uint Checksum(ReadOnlySpan<byte> content, long position)
    {
        // The place is part of it: bytes of an older file that show through after a power cut are valid nowhere else.
        Span<byte> place = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(place, position);
        var crc = new Crc32();
        crc.Append(place);
        crc.Append(content);
        return crc.GetCurrentHashAsUInt32();
    }
}

/// <summary>Walks the records of a frame; <see cref="Read"/> says false after the last.</summary>
internal ref struct FrameRecords
{
    private ReadOnlySpan<byte> _rest;
    private uint _left;

    public FrameRecords(ReadOnlySpan<byte> content)
    {
        AcceptedAt = BinaryPrimitives.ReadInt64LittleEndian(content);
        _left = BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        _rest = content[LogFrame.ContentHeaderBytes..];
    }

    public long AcceptedAt { get; }

    public int Partition { get; private set; }

    public long Sequence { get; private set; }

    public ReadOnlySpan<byte> Payload { get; private set; }

    public bool Read()
    {
        if (_left == 0)
        {
            return false;
        }

        Partition = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        Sequence = BinaryPrimitives.ReadInt64LittleEndian(_rest[2..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(_rest[10..]);
        Payload = _rest.Slice(LogFrame.RecordHeaderBytes, length);
        _rest = _rest[(LogFrame.RecordHeaderBytes + length)..];
        _left--;
        return true;
    }
}
