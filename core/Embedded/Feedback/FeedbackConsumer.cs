using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>
/// Reads the embedded log and hands batches to the processor, each partition in order, until it is stopped. A batch that fails is tried
/// again until it succeeds, and its partition waits; others go on. What a crash interrupted is delivered again.
/// </summary>
public sealed partial class FeedbackConsumer : IFeedbackConsumer, IDisposable
{
    /// <summary>Name of the checkpoint in a log's folder.</summary>
    public const string CheckpointFile = "users.checkpoint";

    private const int MaxBatch = 1000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CatchUpLook = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan CleanUpInterval = TimeSpan.FromSeconds(10);

    private readonly PartitionedFeedbackLog _log;
    private readonly FeedbackProcessor _processor;
    private readonly TimeProvider _clock;
    private readonly ILogger<FeedbackConsumer> _logger;
    private readonly LogCheckpoint _checkpoint;

    /// <summary>A consumer of the whole log; one at a time.</summary>
    /// <param name="log">Where events come from.</param>
    /// <param name="checkpointFile">Remembers how far this consumer got.</param>
    /// <param name="processor">Where they go.</param>
    /// <param name="clock">Times retries and the deletion of what was consumed.</param>
    /// <param name="logger">Gets failures.</param>
    public FeedbackConsumer(
        PartitionedFeedbackLog log,
        string checkpointFile,
        FeedbackProcessor processor,
        TimeProvider clock,
        ILogger<FeedbackConsumer> logger)
    {
        ArgumentNullException.ThrowIfNull(log);
        (_log, _processor, _clock, _logger) = (log, processor, clock, logger);
        _checkpoint = new LogCheckpoint(checkpointFile, log.Partitions, log.Begin);
    }

    /// <summary>Whether everything that is in the log now was applied.</summary>
    public bool IsCaughtUp => _checkpoint.Done >= _log.End;

    /// <summary>Completes when what the log held of a user at the time of the call is applied.</summary>
    public async Task CaughtUpAsync(string userId, CancellationToken cancellationToken)
    {
        var (partition, end) = (UserPartition.Of(userId, _log.Partitions), _log.End);
        while (_checkpoint[partition].Position < end)
        {
            await Task.Delay(CatchUpLook, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs until cancelled, then returns; a batch in hand is finished or delivered again next time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var partitions = Enumerable.Range(0, _log.Partitions).Select(partition => Task.Run(() => ConsumeAsync(partition, cancellationToken)));
        try
        {
            await Task.WhenAll(partitions.Append(CleanUpAsync(cancellationToken))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Closes the checkpoint; not before <see cref="RunAsync"/> returned.</summary>
    public void Dispose() => _checkpoint.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ConsumeAsync(int partition, CancellationToken cancellationToken)
    {
        using var reader = _log.Read(partition, _checkpoint[partition]);
        while (true)
        {
            var batch = await ReadAsync(reader, partition, cancellationToken).ConfigureAwait(false);
            if (batch.Count > 0)
            {
                await _processor.ProcessUntilDoneAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            _checkpoint.Save(partition, reader.Next);
        }
    }

    private async ValueTask<IReadOnlyList<RawFeedback>> ReadAsync(LogReader reader, int partition, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await reader.ReadAsync(MaxBatch, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is FeedbackLogException or IOException)
            {
                LogUnreadable(failure, partition, RetryDelay.TotalSeconds);
            }

            await Task.Delay(RetryDelay, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(CleanUpInterval, _clock, cancellationToken).ConfigureAwait(false);
            try
            {
                _log.RemoveBefore(_checkpoint.Flush());
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogCleanUpFailure(failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Partition {Partition} of the feedback log cannot be read; tried again in {Seconds} s")]
    private partial void LogUnreadable(Exception failure, int partition, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Consumed segments of the feedback log could not be deleted; tried again later")]
    private partial void LogCleanUpFailure(Exception failure);
}
