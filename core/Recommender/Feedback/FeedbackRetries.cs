namespace ServerlessRec.Recommender.Feedback;

/// <summary>How long a batch is tried in place before what still fails is parked.</summary>
public sealed record FeedbackRetries
{
    /// <summary>Tries of the whole batch, and of each append, 1–20.</summary>
    public int Tries { get; init; } = 2;

    /// <summary>Pause between them, 0–60 s. The stores' clients have tried again by themselves before a try fails.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Time for finding the users that fail, one second to five minutes; who was not reached by then is parked. Shorter than a host waits for a
    /// batch.
    /// </summary>
    public TimeSpan IsolationTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; ParamName names it.</exception>
    public FeedbackRetries Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Tries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Tries, 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(Pause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Pause, TimeSpan.FromSeconds(60));
        ArgumentOutOfRangeException.ThrowIfLessThan(IsolationTime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(IsolationTime, TimeSpan.FromMinutes(5));
        return this;
    }
}
