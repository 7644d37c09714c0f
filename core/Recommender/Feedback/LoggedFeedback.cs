namespace ServerlessRec.Recommender.Feedback;

/// <summary>A feedback with its place in the log. (Partition, sequence, time) names it for ever; a redelivery has the same.</summary>
/// <param name="Event">The feedback.</param>
/// <param name="Partition">Partition of the log, 0 or greater.</param>
/// <param name="Sequence">Sequence number in that partition.</param>
/// <param name="AcceptedAt">When the log took it.</param>
public readonly record struct LoggedFeedback(FeedbackEvent Event, int Partition, long Sequence, DateTimeOffset AcceptedAt);
