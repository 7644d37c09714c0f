namespace ServerlessRec.Recommender.Feedback;

/// <summary>Port: reads a feedback log and has every event applied, each partition in order. A host runs it as long as it lives.</summary>
/// <remarks>What a crash interrupts is delivered again by the next run, here or in another process. One run at a time.</remarks>
public interface IFeedbackConsumer : IAsyncDisposable
{
    /// <summary>Runs until cancelled, then returns; a batch in hand is finished or delivered again next time.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
