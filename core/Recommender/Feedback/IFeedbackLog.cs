namespace ServerlessRec.Recommender.Feedback;

/// <summary>Port: the durable, partitioned log that feedback goes into. All events of a user go to one partition.</summary>
/// <remarks>Safe for any number of concurrent callers.</remarks>
public interface IFeedbackLog
{
    /// <summary>Appends events, each to its user's partition. When this returns they are durable.</summary>
    /// <exception cref="FeedbackLogException">
    /// Not accepted: the caller answers 503. Whether any of the events is in the log is unknown; sending them again with the same event ids
    /// is harmless.
    /// </exception>
    ValueTask AppendAsync(IReadOnlyList<FeedbackEvent> events, CancellationToken cancellationToken);
}

/// <summary>The feedback log is away, full or damaged.</summary>
public class FeedbackLogException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>More feedback comes than the log can write; nothing was appended. Send again later.</summary>
public sealed class FeedbackLogBusyException(string message) : FeedbackLogException(message);
