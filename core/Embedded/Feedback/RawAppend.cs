namespace ServerlessRec.Embedded.Feedback;

/// <summary>An event that somebody else encoded, for a stated partition.</summary>
/// <param name="Partition">Partition of the log.</param>
/// <param name="Payload">Should be JSON as FeedbackJson writes it; may be anything.</param>
public readonly record struct RawAppend(int Partition, ReadOnlyMemory<byte> Payload);
