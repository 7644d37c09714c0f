namespace ServerlessRec.Recommender.Users;

/// <summary>
/// The order of a history: by time, then by place in the log. It depends on the entries alone, so that the same events give the same
/// history in whatever order they were applied.
/// </summary>
public sealed class HistoryOrder : IComparer<HistoryEntry>
{
    /// <summary>The one instance.</summary>
    public static HistoryOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(HistoryEntry x, HistoryEntry y)
    {
        var time = x.Timestamp.CompareTo(y.Timestamp);
        if (time != 0)
        {
            return time;
        }

        var partition = x.Partition.CompareTo(y.Partition);
        if (partition != 0)
        {
            return partition;
        }

        var sequence = x.Sequence.CompareTo(y.Sequence);
        return sequence != 0 ? sequence : x.Stamp.CompareTo(y.Stamp);
    }
}
