using Azure.Messaging.EventHubs;

namespace ServerlessRec.Azure.Feedback;

/// <summary>How long the hub's clients wait, how often they try again and how much they hold; docs/operations/azure.md states the same numbers.</summary>
internal static class EventHubLimits
{
    /// <summary>Batches on their way to the hub at a time.</summary>
    public const int ParallelSends = 64;

    /// <summary>Events that may wait for the hub; more is refused as busy.</summary>
    public const int MaxWaiting = 100_000;

    /// <summary>Events that a consumer hands on at once.</summary>
    public const int MaxBatch = 1000;

    /// <summary>How long an append may take, repeats and waiting included: its caller waits.</summary>
    public static TimeSpan AppendTimeout { get; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a partition's receiver sleeps after a failure, and may be without events: the client's own minute would be a minute without
    /// feedback.
    /// </summary>
    public static TimeSpan ReceiveWait { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Repeats of one request.</summary>
    public static EventHubsRetryOptions Retries => new()
    {
        Mode = EventHubsRetryMode.Exponential,
        MaximumRetries = 3,
        Delay = TimeSpan.FromMilliseconds(100),
        MaximumDelay = TimeSpan.FromSeconds(2),
        TryTimeout = TimeSpan.FromSeconds(5),
    };
}
