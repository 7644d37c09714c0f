using System.Collections.Concurrent;
using System.Globalization;
using Azure.Core;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Processor;
using Microsoft.Extensions.Logging;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Azure.Feedback;

/// <summary>
/// <see cref="IFeedbackConsumer"/> on an event hub, with Microsoft's processor: any number of processes share the partitions between them, and
/// what a dead one read is taken over within 15 seconds. A partition's checkpoint moves behind batches that were applied, never before, once a
/// second at most: what lies behind it comes again after a crash and is recognised.
/// </summary>
public sealed partial class EventHubFeedbackConsumer : PluggableCheckpointStoreEventProcessor<EventProcessorPartition>, IFeedbackConsumer
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(1);

    // By partition: the last event that was applied and has no checkpoint yet, and when the last checkpoint was written.
    private readonly ConcurrentDictionary<string, (EventData? Last, long KeptAt)> _applied = new(StringComparer.Ordinal);

    private readonly FeedbackProcessor _processor;
    private readonly TimeProvider _clock;
    private readonly ILogger<EventHubFeedbackConsumer> _logger;

    internal EventHubFeedbackConsumer(
        CheckpointStore checkpoints, StoreSettings settings, string connection, FeedbackProcessor processor, TimeProvider clock, ILogger<EventHubFeedbackConsumer> logger)
        : base(checkpoints, EventHubLimits.MaxBatch, settings.ConsumerGroup, connection, settings.EventHub, Options())
    {
        (_processor, _clock, _logger) = (processor, clock, logger);
    }

    internal EventHubFeedbackConsumer(
        CheckpointStore checkpoints,
        StoreSettings settings,
        string hubs,
        TokenCredential credential,
        FeedbackProcessor processor,
        TimeProvider clock,
        ILogger<EventHubFeedbackConsumer> logger)
        : base(checkpoints, EventHubLimits.MaxBatch, settings.ConsumerGroup, hubs, settings.EventHub, credential, Options())
    {
        (_processor, _clock, _logger) = (processor, clock, logger);
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A hub that is away at the start is looked for again by the processor itself.
            await StartProcessingAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            await StopProcessingAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnProcessingEventBatchAsync(
        IEnumerable<EventData> events, EventProcessorPartition partition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partition);
        var number = int.Parse(partition.PartitionId, CultureInfo.InvariantCulture);
        var last = default(EventData);
        var batch = new List<RawFeedback>(EventHubLimits.MaxBatch);
        foreach (var received in events)
        {
            last = received;
            batch.Add(new RawFeedback(number, received.SequenceNumber, received.EnqueuedTime, received.EventBody.ToMemory()));
        }

        var (pending, keptAt) = _applied.GetValueOrDefault(partition.PartitionId);
        if (last is not null)
        {
            await _processor.ProcessUntilDoneAsync(batch, cancellationToken).ConfigureAwait(false);
            _applied[partition.PartitionId] = (last, keptAt);
        }

        // Without events the processor calls once a second: a quiet partition is kept up to date too.
        if ((last ?? pending) is not null && (last is null || _clock.GetElapsedTime(keptAt) >= CheckpointInterval))
        {
            await KeepAsync(partition.PartitionId, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnPartitionProcessingStoppedAsync(
        EventProcessorPartition partition, ProcessingStoppedReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partition);

        // Who took the partition over goes on from a checkpoint of its own; this one must not set it back.
        if (reason == ProcessingStoppedReason.Shutdown && _applied.GetValueOrDefault(partition.PartitionId).Last is not null)
        {
            await KeepAsync(partition.PartitionId, cancellationToken).ConfigureAwait(false);
        }

        _applied.TryRemove(partition.PartitionId, out _);
    }

    /// <inheritdoc/>
    protected override Task OnProcessingErrorAsync(
        Exception exception, EventProcessorPartition? partition, string operationDescription, CancellationToken cancellationToken)
    {
        if (exception is EventHubsException { Reason: EventHubsException.FailureReason.ConsumerDisconnected })
        {
            // Another process took the partition over: that is how they share.
            LogTakenOver(partition?.PartitionId);
        }
        else
        {
            LogFault(exception, operationDescription, partition?.PartitionId);
        }

        return Task.CompletedTask;
    }

    private static EventProcessorOptions Options() => new()
    {
        RetryOptions = EventHubLimits.Retries,
        MaximumWaitTime = EventHubLimits.ReceiveWait,
        PrefetchCount = 2 * EventHubLimits.MaxBatch,
        LoadBalancingStrategy = LoadBalancingStrategy.Greedy,
        LoadBalancingUpdateInterval = TimeSpan.FromSeconds(5),
        PartitionOwnershipExpirationInterval = TimeSpan.FromSeconds(15),
        TrackLastEnqueuedEventProperties = false,
        DefaultStartingPosition = EventPosition.Earliest,
    };

    private async Task KeepAsync(string partition, CancellationToken cancellationToken)
    {
        var last = _applied[partition].Last!;
        try
        {
            await UpdateCheckpointAsync(partition, CheckpointPosition.FromEvent(last), cancellationToken).ConfigureAwait(false);
            _applied[partition] = (null, _clock.GetTimestamp());
        }
        catch (Recommender.Blobs.BlobStoreException failure)
        {
            // The batch was applied; without its checkpoint it is delivered once more after a restart, which is harmless.
            LogNoCheckpoint(failure, partition);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition}: the checkpoint could not be written; the next one covers it")]
    private partial void LogNoCheckpoint(Exception failure, string partition);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} is read by another process now")]
    private partial void LogTakenOver(string? partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event hub's consumer goes on after a fault while it was {Operation}, partition {Partition}")]
    private partial void LogFault(Exception fault, string operation, string? partition);
}
