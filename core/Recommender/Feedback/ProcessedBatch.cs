namespace ServerlessRec.Recommender.Feedback;

/// <summary>What became of a batch.</summary>
/// <param name="Events">Events in it.</param>
/// <param name="Users">Users whose row was written.</param>
/// <param name="DeadLetters">Events that can never be applied.</param>
/// <param name="Conflicts">Rows that had to be read again because somebody else changed them.</param>
/// <param name="Parked">Events that could not be applied for now and are tried again later.</param>
public readonly record struct ProcessedBatch(int Events, int Users, int DeadLetters, int Conflicts, int Parked = 0)
{
    /// <summary>Two batches as one.</summary>
    public static ProcessedBatch operator +(ProcessedBatch left, ProcessedBatch right) => new(
        left.Events + right.Events,
        left.Users + right.Users,
        left.DeadLetters + right.DeadLetters,
        left.Conflicts + right.Conflicts,
        left.Parked + right.Parked);

    /// <summary>The same as the operator.</summary>
    public static ProcessedBatch Add(ProcessedBatch left, ProcessedBatch right) => left + right;
}
