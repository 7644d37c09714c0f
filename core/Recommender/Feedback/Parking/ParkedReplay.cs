using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Feedback.Parking;

/// <summary>
/// Tries parked events again, in batches; what fails once more is parked once more. Events under suspicion come last, each alone; one that
/// processes die of here too becomes a dead letter.
/// </summary>
internal sealed partial class ParkedReplay(IUserStore users, FeedbackFiles files, SuspectGuard guard, ILogger logger)
{
    private const int BatchSize = 500;
    private const int DeathsAlone = 3;

    /// <summary>One pass over what is parked now; nothing when another process makes one. Returns what became of the events.</summary>
    /// <exception cref="UserStoreException">The user store is away; everything stays parked.</exception>
    /// <exception cref="BlobStoreException">The blob store is away; what was not reached stays parked.</exception>
    public async Task<ProcessedBatch> RunAsync(CancellationToken cancellationToken)
    {
        if ((await files.Parking.PathsAsync(null, cancellationToken).ConfigureAwait(false)).Count == 0)
        {
            return default;
        }

        await users.CheckAsync(cancellationToken).ConfigureAwait(false);
        await using var lease = await files.Parking.TryLeaseAsync(cancellationToken).ConfigureAwait(false);
        if (lease is null)
        {
            return default;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        try
        {
            return await RunAsync(new("parked", DeathsAlone, false, KeepAsync), BatchSize, stop.Token).ConfigureAwait(false)
                + await RunAsync(new("parked-suspects", DeathsAlone, true, KeepAsync), 1, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogLeaseLost();
            return default;
        }
    }

    private async Task<ProcessedBatch> RunAsync(GuardedScope scope, int batchSize, CancellationToken cancellationToken)
    {
        var sum = default(ProcessedBatch);
        var paths = new Queue<string>(await files.Parking.PathsAsync(scope.IsAlwaysAlone, cancellationToken).ConfigureAwait(false));
        while (paths.Count > 0)
        {
            var (events, read) = (new List<RawFeedback>(), new List<string>());
            while (events.Count < batchSize && paths.TryDequeue(out var path))
            {
                if (await ReadAsync(path, cancellationToken).ConfigureAwait(false) is { } parked)
                {
                    events.AddRange(parked.Select(one => one.Raw));
                    read.Add(path);
                }
            }

            if (events.Count > 0)
            {
                var processed = await guard.RunAsync(scope, events, cancellationToken).ConfigureAwait(false);
                FeedbackMeter.RecordReplay(processed);
                LogReplayed(processed.Events, processed.Parked);
                sum += processed;
            }

            // What failed again lies in a new blob by now.
            foreach (var path in read)
            {
                await files.Parking.RemoveAsync(path, cancellationToken).ConfigureAwait(false);
            }
        }

        return sum;
    }

    // Null: it cannot be read, and stays for a person to look at.
    private async Task<IReadOnlyList<ParkedFeedback>?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await files.Parking.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobStoreException damaged)
        {
            LogUnreadable(damaged);
            return null;
        }
    }

    private async ValueTask<ProcessedBatch> KeepAsync(RawFeedback raw, CancellationToken cancellationToken)
    {
        var letter = new DeadLetter(raw, $"{DeathsAlone} processes died while they applied it alone");
        await files.DeadLetters.AppendAsync([letter], cancellationToken).ConfigureAwait(false);
        return new ProcessedBatch(1, 0, 1, 0);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} parked events were tried again; {Parked} of them failed and are parked again")]
    private partial void LogReplayed(int count, int parked);

    [LoggerMessage(Level = LogLevel.Error, Message = "Parked events cannot be read and stay parked")]
    private partial void LogUnreadable(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another process took over trying parked events again")]
    private partial void LogLeaseLost();
}
