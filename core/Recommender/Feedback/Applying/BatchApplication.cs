using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Feedback.Parking;

namespace ServerlessRec.Recommender.Feedback.Applying;

/// <summary>Brings a batch where it belongs: states, archive, dead letters, and what fails into parking. It throws only when even parking fails.</summary>
internal sealed partial class BatchApplication(
    IsolatedUpdates updates, FeedbackFiles files, FeedbackRetries retries, TimeProvider clock, ILogger logger)
{
    /// <summary>Everything is durable when it returns.</summary>
    public async Task<ProcessedBatch> RunAsync(IReadOnlyList<RawFeedback> batch, CancellationToken cancellationToken)
    {
        var parsed = new ParsedBatch(batch);
        var updated = await updates.ApplyAsync(new UserBatch(parsed.Valid), cancellationToken).ConfigureAwait(false);
        List<ParkedFeedback> parked = [.. parsed.Failed(updated.Failed)];

        // After the states, so that an answer changes at the earliest; before the batch counts as done, so that no event is missing.
        var applied = parsed.Applied(updated.Failed);
        if (applied.Count > 0
            && await TryAsync(() => files.Archive.AppendAsync(applied, cancellationToken), cancellationToken).ConfigureAwait(false) is { } unarchived)
        {
            parked.AddRange(applied.Select(raw => new ParkedFeedback(raw, unarchived)));
        }

        var dead = parsed.Dead.Count;
        if (dead > 0
            && await TryAsync(() => files.DeadLetters.AppendAsync(parsed.Dead, cancellationToken), cancellationToken).ConfigureAwait(false) is { } unkept)
        {
            parked.AddRange(parsed.Dead.Select(letter => new ParkedFeedback(letter.Raw, unkept)));
            dead = 0;
        }
        else if (dead > 0)
        {
            LogDeadLetters(dead, parsed.Dead[0].Raw.Partition, parsed.Dead[0].Raw.Sequence, parsed.Dead[0].Reason);
        }

        if (parked.Count > 0)
        {
            await files.Parking.ParkAsync(parked, areSuspects: false, cancellationToken).ConfigureAwait(false);
            LogParked(parked.Count, parked[0].Raw.Partition, parked[0].Raw.Sequence, parked[0].Reason);
        }

        return new ProcessedBatch(batch.Count, updated.Written, dead, updated.Conflicts, parked.Count);
    }

    // Null, or why it failed.
    private async Task<string?> TryAsync(Func<ValueTask> append, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await append().ConfigureAwait(false);
                return null;
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                if (attempt == retries.Tries)
                {
                    return $"{fault.GetType().Name}: {fault.Message}";
                }
            }

            await Task.Delay(retries.Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events can never be applied and became dead letters; the first, "
        + "partition {Partition} sequence {Sequence}: {Reason}")]
    private partial void LogDeadLetters(int count, int partition, long sequence, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} events could not be applied and were parked, to be tried again; the first, "
        + "partition {Partition} sequence {Sequence}: {Reason}")]
    private partial void LogParked(int count, int partition, long sequence, string reason);
}
