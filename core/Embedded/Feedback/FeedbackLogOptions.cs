namespace ServerlessRec.Embedded.Feedback;

/// <summary>How an embedded feedback log is laid out and when it lets go.</summary>
public sealed record FeedbackLogOptions
{
    /// <summary>Partitions of a new log, 1–1024; a log that exists keeps its own number.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Bytes after which a new segment begins, 64 KiB–1 GiB.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>Bytes that may wait for the disk, 1 MiB–1 GiB; more is refused as busy.</summary>
    public long MaxPendingBytes { get; init; } = 64L << 20;

    /// <summary>How long a segment stays after its last event was consumed.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.Zero;

    internal FeedbackLogOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Partitions, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, 64L << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SegmentBytes, 1L << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingBytes, 1L << 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPendingBytes, 1L << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(Retention, TimeSpan.Zero);
        return this;
    }
}
