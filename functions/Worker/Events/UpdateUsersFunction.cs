using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api.Triggers;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Worker.Events;

/// <summary>Feedback from the hub.</summary>
public sealed class UpdateUsersFunction(FeedbackProcessor processor)
{
    /// <summary>
    /// Applies a batch. It fails only when what a store refuses cannot even be parked, and then the host brings the same batch again and lets its
    /// partition wait; without the retry policy the host would move its checkpoint on and the events would be lost.
    /// </summary>
    [Function(TriggerNames.UpdateUsers)]
    [FixedDelayRetry(TriggerNames.Retries, TriggerNames.RetryDelay)]
    public Task RunAsync(
        [EventHubTrigger(TriggerNames.Hub, ConsumerGroup = TriggerNames.ConsumerGroup, Connection = TriggerNames.HubConnection)] string[] events,
        long[] sequenceNumberArray,
        DateTime[] enqueuedTimeUtcArray,
        HubPartition partitionContext,
        CancellationToken cancellationToken) =>
        processor.ProcessAsync(HubBatches.Of(events, sequenceNumberArray, enqueuedTimeUtcArray, partitionContext).ToFeedback(), cancellationToken);
}
