namespace ServerlessRec.Recommender.Users;

/// <summary>One feedback in a user's history.</summary>
/// <remarks>Every event walks through whole histories: the entry is small, and what all of them want to know of its item is worked out once.</remarks>
public readonly record struct HistoryEntry
{
    /// <summary>Greatest <see cref="Partition"/>.</summary>
    public const int MaxPartition = (1 << 30) - 1;

    private readonly long _ticks;

    // One number less keeps the entry at 56 bytes.
    private readonly int _partitionAndOverwrite;

    /// <summary>An entry; <paramref name="timestamp"/> is kept in UTC.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="feedbackType">The kind of feedback.</param>
    /// <param name="value">Strength in the type's own unit.</param>
    /// <param name="timestamp">When it happened.</param>
    /// <param name="partition">See <see cref="Partition"/>.</param>
    /// <param name="sequence">See <see cref="Sequence"/>.</param>
    /// <param name="overwrite">See <see cref="Overwrite"/>.</param>
    /// <param name="stamp">See <see cref="Stamp"/>.</param>
    public HistoryEntry(
        string itemId,
        string feedbackType,
        double value,
        DateTimeOffset timestamp,
        int partition = -1,
        long sequence = 0,
        bool overwrite = false,
        uint stamp = LogStamp.Unknown)
        : this(itemId, Catalogue.ItemHash.Of(itemId), feedbackType, value, timestamp, partition, sequence, overwrite, stamp)
    {
    }

    /// <summary>An entry whose item's hash is known already.</summary>
    internal HistoryEntry(
        string itemId, ulong itemHash, string feedbackType, double value, DateTimeOffset timestamp, int partition, long sequence, bool overwrite, uint stamp)
    {
        (ItemId, ItemHash, FeedbackType, Value) = (itemId, itemHash, feedbackType, value);
        (_ticks, Sequence, Stamp) = (timestamp.UtcTicks, sequence, stamp);
        _partitionAndOverwrite = Pack(partition, overwrite);
    }

    /// <summary>The item.</summary>
    public string ItemId { get; }

    /// <summary><see cref="Catalogue.ItemHash"/> of <see cref="ItemId"/>.</summary>
    public ulong ItemHash { get; }

    /// <summary>The kind of feedback.</summary>
    public string FeedbackType { get; init; }

    /// <summary>Strength in the type's own unit.</summary>
    public double Value { get; init; }

    /// <summary>When it happened, in UTC; stored to the millisecond.</summary>
    public DateTimeOffset Timestamp
    {
        get => new(_ticks, TimeSpan.Zero);
        init => _ticks = value.UtcTicks;
    }

    /// <summary>Partition of the log it came from, at most <see cref="MaxPartition"/>; -1 for an import.</summary>
    public int Partition
    {
        get => _partitionAndOverwrite >> 1;
        init => _partitionAndOverwrite = Pack(value, Overwrite);
    }

    /// <summary>Position in that partition; for an import the hash that makes it idempotent.</summary>
    public long Sequence { get; init; }

    /// <summary>True: <see cref="Value"/> replaces that of earlier entries of this item and type; false: it adds to it.</summary>
    public bool Overwrite
    {
        get => (_partitionAndOverwrite & 1) != 0;
        init => _partitionAndOverwrite = Pack(Partition, value);
    }

    /// <summary>The <see cref="LogStamp"/> of what came from a log.</summary>
    public uint Stamp { get; init; }

    internal long UtcTicks => _ticks;

    private static int Pack(int partition, bool overwrite) => (partition << 1) | (overwrite ? 1 : 0);
}
