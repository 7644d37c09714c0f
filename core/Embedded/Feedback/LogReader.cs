using Microsoft.Win32.SafeHandles;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>Reads one partition of a log in order, and waits at its end. Not thread-safe; any number of readers may read one log.</summary>
public sealed class LogReader : IDisposable
{
    private const int ChunkBytes = 256 << 10;

    private readonly PartitionedFeedbackLog _log;
    private readonly LogProgress _progress;
    private readonly int _partition;
    private byte[] _chunk = new byte[ChunkBytes];
    private LogSegment? _segment;
    private SafeFileHandle? _handle;

    internal LogReader(PartitionedFeedbackLog log, LogProgress progress, int partition, LogPlace start)
    {
        (_log, _progress, _partition, Next) = (log, progress, partition, start);
    }

    /// <summary>The place behind everything that was returned: a reader that starts there goes on without loss or repeat.</summary>
    public LogPlace Next { get; private set; }

    /// <summary>
    /// The next events, at most <paramref name="max"/>; waits while the log has no more. Empty when what came was for other partitions: only
    /// <see cref="Next"/> moved.
    /// </summary>
    /// <exception cref="FeedbackLogException">The log is damaged here; the message names file and place.</exception>
    public async ValueTask<IReadOnlyList<RawFeedback>> ReadAsync(int max, CancellationToken cancellationToken)
    {
        var batch = new List<RawFeedback>();
        await _progress.WaitAsync(Next.Position, cancellationToken).ConfigureAwait(false);
        while (batch.Count < max && Next.Position < _progress.End && ReadChunk(batch, max))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return batch;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();

    /// <summary>Reads frames until the chunk is used up or the batch is full; false when the batch is full.</summary>
    private bool ReadChunk(List<RawFeedback> batch, int max)
    {
        Open();
        var available = (int)Math.Min(_progress.End - Next.Position, _chunk.Length);
        var read = RandomAccess.Read(_handle!, _chunk.AsSpan(0, available), _segment!.HeaderBytes + Next.Position - _segment.Start);
        var used = 0;
        while (true)
        {
            var length = LogFrame.Measure(_chunk.AsSpan(used, read - used), Next.Position);
            if (length > 0)
            {
                if (!TakeRecords(_chunk.AsSpan(used, length), batch, max))
                {
                    return false;
                }

                used += length;
                Next = Next with { Position = Next.Position + length };
                continue;
            }

            if (length == 0 && used == 0 && read == _chunk.Length && read < LogFrame.MaxContentBytes)
            {
                _chunk = new byte[2 * _chunk.Length];
                return true;
            }

            return length == 0 && (used > 0 || NextSegment())
                ? true
                : throw new FeedbackLogException($"'{_segment.File}' is damaged at log position {Next.Position}: restore it from a backup.");
        }
    }

    /// <summary>False: the batch was full before the frame's end; the frame is read again for the rest.</summary>
    private bool TakeRecords(ReadOnlySpan<byte> frame, List<RawFeedback> batch, int max)
    {
        var records = LogFrame.Records(frame);
        while (records.Read())
        {
            if (records.Partition != _partition || records.Sequence < Next.Sequence)
            {
                continue;
            }

            if (batch.Count == max)
            {
                return false;
            }

            var acceptedAt = DateTimeOffset.FromUnixTimeMilliseconds(records.AcceptedAt);
            batch.Add(new RawFeedback(_partition, records.Sequence, acceptedAt, records.Payload.ToArray()));
            Next = Next with { Sequence = records.Sequence + 1 };
        }

        return true;
    }

    private void Open()
    {
        if (_handle is null)
        {
            _segment = _log.SegmentOf(Next.Position);
            _handle = File.OpenHandle(_segment.File, share: FileShare.ReadWrite | FileShare.Delete);
        }
    }

    private bool NextSegment()
    {
        var next = _log.SegmentOf(Next.Position);
        if (next.Start == _segment!.Start)
        {
            return false;
        }

        _handle!.Dispose();
        (_segment, _handle) = (next, null);
        return true;
    }
}
