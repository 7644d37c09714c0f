using Microsoft.Win32.SafeHandles;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>Finds the end of the last segment after a crash: what stands behind the last whole frame was never acknowledged and is cut.</summary>
internal static class SegmentRecovery
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Counts on the sequence numbers and returns the log position behind the last whole frame.</summary>
    public static long Recover(LogSegment segment, SafeFileHandle handle, long[] nextSequences)
    {
        var position = segment.Start;
        var chunk = new byte[ChunkBytes];
        while (true)
        {
            var read = RandomAccess.Read(handle, chunk, segment.HeaderBytes + position - segment.Start);
            var used = CountFrames(chunk.AsSpan(0, read), position, nextSequences, out var needsMore);
            position += used;
            if (needsMore && used == 0 && read == chunk.Length && chunk.Length < LogFrame.MaxContentBytes + LogFrame.HeaderBytes)
            {
                chunk = new byte[Math.Min(2 * chunk.Length, LogFrame.MaxContentBytes + LogFrame.HeaderBytes)];
            }
            else if (used == 0)
            {
                break;
            }
        }

        Cut(segment, handle, position);
        return position;
    }

    private static int CountFrames(ReadOnlySpan<byte> bytes, long position, long[] nextSequences, out bool needsMore)
    {
        var used = 0;
        int length;
        while ((length = LogFrame.Measure(bytes[used..], position + used)) > 0)
        {
            var records = LogFrame.Records(bytes.Slice(used, length));
            while (records.Read())
            {
                nextSequences[records.Partition] = records.Sequence + 1;
            }

            used += length;
        }

        needsMore = length == 0;
        return used;
    }

    private static void Cut(LogSegment segment, SafeFileHandle handle, long end)
    {
        var fileEnd = segment.HeaderBytes + end - segment.Start;
        var torn = RandomAccess.GetLength(handle) - fileEnd;
        if (torn <= 0)
        {
            return;
        }

        // Kept aside: should it be damage and not a torn append, a person can still look at it.
        var bytes = new byte[Math.Min(torn, LogFrame.MaxContentBytes)];
        RandomAccess.Read(handle, bytes, fileEnd);
        File.WriteAllBytes(Path.ChangeExtension(segment.File, ".torn"), bytes);
        RandomAccess.SetLength(handle, fileEnd);
        RandomAccess.FlushToDisk(handle);
    }
}
