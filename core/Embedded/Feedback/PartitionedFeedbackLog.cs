using Microsoft.Win32.SafeHandles;
using ServerlessRec.Embedded.Durability;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>
/// <see cref="IFeedbackLog"/> in a folder: segments of checksummed frames, one append a frame, docs/formats/feedback-log.md.
/// One process has a log open at a time.
/// </summary>
/// <remarks>
/// An append is in the log whole or not at all, also over several partitions. Appends that come at the same time share one flush.
/// Sequence numbers count each partition's events from 0 without gaps. Thread-safe.
/// </remarks>
public sealed class PartitionedFeedbackLog : IFeedbackLog, IAsyncDisposable
{
    private readonly string _directory;
    private readonly FeedbackLogOptions _options;
    private readonly TimeProvider _clock;
    private readonly SafeFileHandle _lock;
    private readonly LogProgress _progress = new();
    private readonly LogWriter _writer;

    private PartitionedFeedbackLog(string directory, FeedbackLogOptions options, TimeProvider clock, SafeFileHandle held)
    {
        (_directory, _options, _clock, _lock) = (directory, options, clock, held);
        var segments = LogSegment.All(directory);
        if (segments.Count == 0)
        {
            var (first, handle) = LogSegment.Create(directory, 0, new long[options.Partitions]);
            handle.Dispose();
            segments.Add(first);
        }

        Begin = new(segments[0].Start, 0);
        _writer = new LogWriter(directory, options, clock, segments[^1], _progress);
    }

    /// <summary>Partitions of this log, numbered from 0.</summary>
    public int Partitions => _writer.Partitions;

    /// <summary>Where a reader of any partition starts to read everything that is there.</summary>
    public LogPlace Begin { get; private set; }

    /// <summary>Log position behind the last durable append; bytes.</summary>
    public long End => _progress.End;

    /// <summary>Opens or creates a log, cutting what a crash left half written.</summary>
    /// <exception cref="FeedbackLogException">Another process has it open, or it is damaged.</exception>
    public static PartitionedFeedbackLog Open(string directory, FeedbackLogOptions options, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        SafeFileHandle? held = null;
        try
        {
            var folder = Path.GetFullPath(directory);
            DurableFile.CreateDirectory(folder);
            held = File.OpenHandle(Path.Combine(folder, "log.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new PartitionedFeedbackLog(folder, options, clock, held);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new FeedbackLogException(
                $"The feedback log in '{directory}' cannot be opened; one process has it open at a time: {error.Message}", error);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<FeedbackEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        cancellationToken.ThrowIfCancellationRequested();
        if (events.Count > 0)
        {
            await _writer.AppendAsync(AppendRequest.Of(events, Partitions)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Appends events that are encoded already. When this returns they are durable.</summary>
    /// <exception cref="FeedbackLogException">Not accepted; whether they are in the log is unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such partition; nothing was appended.</exception>
    public async ValueTask AppendAsync(IReadOnlyList<RawAppend> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var raw in events)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(raw.Partition);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(raw.Partition, Partitions);
        }

        if (events.Count > 0)
        {
            await _writer.AppendAsync(AppendRequest.Of(events)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What a partition holds now.</summary>
    public PartitionRange RangeOf(int partition) =>
        new(SegmentOf(Begin.Position).NextSequences[partition], _writer.NextSequence(partition), _writer.LastAcceptedAt);

    /// <summary>Reads a partition from <paramref name="start"/> on.</summary>
    public LogReader Read(int partition, LogPlace start)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition, Partitions);
        return new LogReader(this, _progress, partition, start.Position < Begin.Position ? start with { Position = Begin.Position } : start);
    }

    /// <summary>
    /// Deletes segments that lie wholly before <paramref name="position"/>, which no reader needs any more, and are older than the retention.
    /// </summary>
    public void RemoveBefore(long position)
    {
        var segments = LogSegment.All(_directory);
        for (var i = 0; i + 1 < segments.Count && segments[i + 1].Start <= position; i++)
        {
            if (_clock.GetUtcNow() - File.GetLastWriteTimeUtc(segments[i].File) < _options.Retention)
            {
                return;
            }

            Begin = new(segments[i + 1].Start, 0);
            DurableFile.Delete(segments[i].File);
        }
    }

    /// <summary>Writes what was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }

    internal LogSegment SegmentOf(long position) =>
        LogSegment.All(_directory).LastOrDefault(segment => segment.Start <= position)
        ?? throw new FeedbackLogException($"Log position {position} was removed from '{_directory}' after it had been consumed.");
}
