namespace ServerlessRec.Embedded.Feedback;

/// <summary>What a partition of a log holds.</summary>
/// <param name="Begin">Sequence number of the oldest event that is still there, or of the next where none is.</param>
/// <param name="Next">Sequence number that the next event gets.</param>
/// <param name="LastAcceptedAt">When the log last took anything, in any partition, since it was opened; its opening before that.</param>
public readonly record struct PartitionRange(long Begin, long Next, DateTimeOffset LastAcceptedAt);
