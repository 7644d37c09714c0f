using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using ServerlessRec.Embedded.Durability;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>A file of the log: header, then frames. Named after the log position of its first frame.</summary>
/// <remarks>
/// Header: "SRFL", u16 version, u16 partitions, i64 first position, per partition i64 next sequence number, u32 CRC-32 of all that.
/// </remarks>
/// <param name="File">The file's path.</param>
/// <param name="Start">Log position of the first frame.</param>
/// <param name="NextSequences">Per partition the sequence number of the first record in this segment or later.</param>
internal sealed record LogSegment(string File, long Start, long[] NextSequences)
{
    private const ushort Version = 1;
    private const int FixedBytes = 16;
    private const int CrcBytes = 4;

    private static ReadOnlySpan<byte> Magic => "SRFL"u8;

    public int HeaderBytes => Length(NextSequences.Length);

    public static string Name(string directory, long start) =>
        Path.Combine(directory, start.ToString("d20", CultureInfo.InvariantCulture) + ".log");

    /// <summary>Log position behind the last byte of the file.</summary>
    public long FileEnd => Start + new FileInfo(File).Length - HeaderBytes;

    /// <summary>The segments of a log, oldest first.</summary>
    public static List<LogSegment> All(string directory) =>
        [.. Directory.GetFiles(directory, "*.log").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>Makes the file, durably; it appears under its name with its whole header.</summary>
    public static (LogSegment Segment, SafeFileHandle Handle) Create(string directory, long start, long[] nextSequences)
    {
        var segment = new LogSegment(Name(directory, start), start, [.. nextSequences]);
        var header = new byte[segment.HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)nextSequences.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), start);
        for (var i = 0; i < nextSequences.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(FixedBytes + (8 * i)), nextSequences[i]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(header.Length - CrcBytes), Crc32.HashToUInt32(header.AsSpan(0, header.Length - CrcBytes)));
        var staging = segment.File + ".new";
        var handle = System.IO.File.OpenHandle(staging, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(handle, header, 0);
        RandomAccess.FlushToDisk(handle);
        DurableFile.Publish(staging, segment.File);
        return (segment, handle);
    }

    private static int Length(int partitions) => FixedBytes + (8 * partitions) + CrcBytes;

    private static LogSegment Read(string file)
    {
        using var handle = System.IO.File.OpenHandle(file);
        var header = new byte[Length(ushort.MaxValue)];
        var read = RandomAccess.Read(handle, header, 0);
        var length = read < FixedBytes ? int.MaxValue : Length(BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6)));
        var content = header.AsSpan(0, Math.Max(0, Math.Min(length, read) - CrcBytes));
        if (read < length || !content.StartsWith(Magic) || Crc32.HashToUInt32(content) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(length - CrcBytes)))
        {
            throw new FeedbackLogException($"'{file}' is damaged: its header is cut or changed. Restore it from a backup.");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(content[4..]);
        if (version != Version)
        {
            throw new FeedbackLogException($"'{file}' has version {version}; this program reads {Version}. Update the program.");
        }

        var sequences = new long[BinaryPrimitives.ReadUInt16LittleEndian(content[6..])];
        for (var i = 0; i < sequences.Length; i++)
        {
            sequences[i] = BinaryPrimitives.ReadInt64LittleEndian(content[(FixedBytes + (8 * i))..]);
        }

        return new LogSegment(file, BinaryPrimitives.ReadInt64LittleEndian(content[8..]), sequences);
    }
}
