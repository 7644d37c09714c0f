using System.Diagnostics.Metrics;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>What is measured while feedback is applied. The meter's name is <see cref="Name"/>.</summary>
public static class FeedbackMeter
{
    /// <summary>The meter to listen to.</summary>
    public const string Name = "ServerlessRec.Feedback";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("feedback.events", "{event}", "Events delivered");
    private static readonly Counter<long> Users = Meter.CreateCounter<long>("feedback.users", "{row}", "User rows written");
    private static readonly Counter<long> Dead = Meter.CreateCounter<long>("feedback.dead_letters", "{event}", "Events that can never be applied");
    private static readonly Counter<long> Parked = Meter.CreateCounter<long>("feedback.parked", "{event}", "Events put aside, to be tried again");
    private static readonly Counter<long> Replayed = Meter.CreateCounter<long>("feedback.replayed", "{event}", "Parked events that are done");
    private static readonly Counter<long> Conflicts = Meter.CreateCounter<long>("feedback.conflicts", "{row}", "Rows read again");
    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>("feedback.batch_size", "{event}", "Events a batch");
    private static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("feedback.lag", "ms", "Oldest event of a batch: accepted to applied");

    internal static void Record(ProcessedBatch processed, IReadOnlyList<RawFeedback> batch, DateTimeOffset now)
    {
        Events.Add(processed.Events);
        Users.Add(processed.Users);
        Dead.Add(processed.DeadLetters);
        Parked.Add(processed.Parked);
        Conflicts.Add(processed.Conflicts);
        BatchSize.Record(processed.Events);
        if (batch.Count > 0)
        {
            Lag.Record((now - batch[0].AcceptedAt).TotalMilliseconds);
        }
    }

    internal static void RecordReplay(ProcessedBatch processed)
    {
        Replayed.Add(processed.Events - processed.Parked);
        Users.Add(processed.Users);
        Dead.Add(processed.DeadLetters);
        Conflicts.Add(processed.Conflicts);
    }
}
