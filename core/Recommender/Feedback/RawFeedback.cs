namespace ServerlessRec.Recommender.Feedback;

/// <summary>What a log delivers: bytes that should be a feedback, and their place.</summary>
/// <param name="Partition">Partition of the log, 0 or greater.</param>
/// <param name="Sequence">Sequence number in that partition; with partition and time it names the event for ever.</param>
/// <param name="AcceptedAt">When the log took it.</param>
/// <param name="Payload">Should be JSON as <see cref="FeedbackJson"/> writes it; may be anything.</param>
public readonly record struct RawFeedback(int Partition, long Sequence, DateTimeOffset AcceptedAt, ReadOnlyMemory<byte> Payload);
