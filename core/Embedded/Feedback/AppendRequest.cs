using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>An append that waits for the disk: a frame complete but for header, time and sequence numbers.</summary>
internal sealed class AppendRequest
{
    // Continuations run elsewhere: the writer must not wait for its callers.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _frame;

    private AppendRequest(byte[] frame) => _frame = frame;

    public int Bytes => _frame.Length;

    public Task Done => _done.Task;

    public static AppendRequest Of(IReadOnlyList<FeedbackEvent> events, int partitions)
    {
        var buffer = NewFrame(events.Count);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        var headers = new (int Start, int Partition, int Length)[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            var start = NewRecord(buffer);
            writer.Reset();
            FeedbackJson.Write(events[i], writer);
            writer.Flush();
            headers[i] = (start, UserPartition.Of(events[i].UserId, partitions), buffer.WrittenCount - start - LogFrame.RecordHeaderBytes);
        }

        return Complete(buffer, headers);
    }

    public static AppendRequest Of(IReadOnlyList<RawAppend> events)
    {
        var buffer = NewFrame(events.Count);
        var headers = new (int Start, int Partition, int Length)[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            headers[i] = (NewRecord(buffer), events[i].Partition, events[i].Payload.Length);
            buffer.Write(events[i].Payload.Span);
        }

        return Complete(buffer, headers);
    }

    private static ArrayBufferWriter<byte> NewFrame(int events)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (256 * events));
        buffer.GetSpan(LogFrame.HeaderBytes + LogFrame.ContentHeaderBytes);
        buffer.Advance(LogFrame.HeaderBytes + LogFrame.ContentHeaderBytes);
        return buffer;
    }

    private static int NewRecord(ArrayBufferWriter<byte> buffer)
    {
        var start = buffer.WrittenCount;
        buffer.GetSpan(LogFrame.RecordHeaderBytes);
        buffer.Advance(LogFrame.RecordHeaderBytes);
        return start;
    }

    private static AppendRequest Complete(ArrayBufferWriter<byte> buffer, (int Start, int Partition, int Length)[] headers)
    {
        if (buffer.WrittenCount > LogFrame.MaxContentBytes)
        {
            throw new ArgumentException($"{headers.Length} events are {buffer.WrittenCount} bytes; append fewer at once.", nameof(headers));
        }

        var frame = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(LogFrame.HeaderBytes + 8), headers.Length);
        foreach (var (start, partition, length) in headers)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(start), (ushort)partition);
            BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(start + 10), length);
        }

        return new AppendRequest(frame);
    }

    /// <summary>Numbers the records, seals the frame for its place and copies it.</summary>
    public void Place(long position, DateTimeOffset now, long[] nextSequences, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_frame.AsSpan(LogFrame.HeaderBytes), now.ToUnixTimeMilliseconds());
        var start = LogFrame.HeaderBytes + LogFrame.ContentHeaderBytes;
        while (start < _frame.Length)
        {
            var record = _frame.AsSpan(start);
            BinaryPrimitives.WriteInt64LittleEndian(record[2..], nextSequences[BinaryPrimitives.ReadUInt16LittleEndian(record)]++);
            start += LogFrame.RecordHeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(record[10..]);
        }

        LogFrame.Seal(_frame, position);
        _frame.CopyTo(destination);
    }

    public void Succeed() => _done.TrySetResult();

    public void Fail(FeedbackLogException error) => _done.TrySetException(error);
}
