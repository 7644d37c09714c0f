namespace ServerlessRec.Recommender.Feedback.Parking;

/// <summary>Which event it is. The time tells events of a log apart from those of one that was made anew and counts from 0 again.</summary>
internal readonly record struct EventPlace(int Partition, long Sequence, DateTimeOffset AcceptedAt)
{
    public static EventPlace Of(in RawFeedback raw) => new(raw.Partition, raw.Sequence, raw.AcceptedAt);
}
