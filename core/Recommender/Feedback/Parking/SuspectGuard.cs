using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Feedback.Parking;

/// <summary>
/// Finds the event that kills the process that applies it. A batch is marked while it is under way; where <see cref="DeathsOfBatch"/> processes
/// died with the same one, its events are tried one by one, each marked before, and the one that a process dies of alone is set aside. Innocent
/// events that were under way when a process was killed for another reason lose nothing but time.
/// </summary>
/// <param name="suspects">Where marks lie.</param>
/// <param name="run">Applies a batch.</param>
/// <param name="logger">Gets counts and places.</param>
internal sealed partial class SuspectGuard(
    SuspectList suspects, Func<IReadOnlyList<RawFeedback>, CancellationToken, Task<ProcessedBatch>> run, ILogger logger)
{
    private const int DeathsOfBatch = 2;

    private readonly Guid _life = Guid.NewGuid();

    // Longer than a mark takes, shorter than a host waits that stops.
    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(3);

    /// <summary>Applies a batch under a mark.</summary>
    public async Task<ProcessedBatch> RunAsync(GuardedScope scope, IReadOnlyList<RawFeedback> batch, CancellationToken cancellationToken)
    {
        var found = await FindAsync(scope.Name, batch, cancellationToken).ConfigureAwait(false);
        if (scope.IsAlwaysAlone || found is { Begins: >= DeathsOfBatch })
        {
            LogAlone(scope.Name, batch.Count, found?.Begins ?? 0);
            return await RunAloneAsync(scope, batch, found ?? SuspectMark.Of(batch), cancellationToken).ConfigureAwait(false);
        }

        await MarkAsync(scope.Name, SuspectMark.Of(batch) with { Begins = (found?.Begins ?? 0) + 1 }, cancellationToken).ConfigureAwait(false);
        var after = found;
        try
        {
            var processed = await run(batch, cancellationToken).ConfigureAwait(false);
            after = null;
            return processed;
        }
        finally
        {
            await EndAsync(scope.Name, after).ConfigureAwait(false);
        }
    }

    private async Task<ProcessedBatch> RunAloneAsync(
        GuardedScope scope, IReadOnlyList<RawFeedback> batch, SuspectMark mark, CancellationToken cancellationToken)
    {
        var sum = default(ProcessedBatch);
        var after = mark;
        try
        {
            foreach (var raw in batch)
            {
                sum += await OneAloneAsync(scope, raw, mark, cancellationToken).ConfigureAwait(false);
            }

            after = null;
            return sum;
        }
        finally
        {
            await EndAsync(scope.Name, after).ConfigureAwait(false);
        }
    }

    private async Task<ProcessedBatch> OneAloneAsync(GuardedScope scope, RawFeedback raw, SuspectMark mark, CancellationToken cancellationToken)
    {
        var place = EventPlace.Of(raw);
        if (mark.Deaths.Count(death => death == place) >= scope.DeathsAlone)
        {
            var setAside = await scope.SetAside(raw, cancellationToken).ConfigureAwait(false);
            LogSetAside(scope.Name, raw.Partition, raw.Sequence);
            return setAside;
        }

        await MarkAsync(scope.Name, mark with { Alone = place }, cancellationToken).ConfigureAwait(false);
        return await run([raw], cancellationToken).ConfigureAwait(false);
    }

    private async Task<SuspectMark?> FindAsync(string scope, IReadOnlyList<RawFeedback> batch, CancellationToken cancellationToken)
    {
        try
        {
            return await suspects.ReadAsync(scope, cancellationToken).ConfigureAwait(false) is { } mark && mark.Concerns(batch) ? mark.FoundBy(_life) : null;
        }
        catch (BlobStoreException failure)
        {
            LogUnmarked(failure, scope);
            return null;
        }
    }

    // A mark that cannot be kept must not stop events that harm nobody.
    private async Task MarkAsync(string scope, SuspectMark mark, CancellationToken cancellationToken)
    {
        try
        {
            await suspects.WriteAsync(scope, mark with { Life = _life }, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobStoreException failure)
        {
            LogUnmarked(failure, scope);
        }
    }

    // Whoever gets here lives: also a batch that failed, or that was cancelled, killed nobody.
    private async Task EndAsync(string scope, SuspectMark? mark)
    {
        using var time = new CancellationTokenSource(RemovalTime);
        try
        {
            await suspects.WriteAsync(scope, mark, time.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is BlobStoreException or OperationCanceledException)
        {
            LogUnmarked(failure, scope);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Scope}: {Begins} processes died with the same batch under way; its {Count} events are tried one by one")]
    private partial void LogAlone(string scope, int count, int begins);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Scope}: processes die of the event partition {Partition} sequence {Sequence}; it was set aside")]
    private partial void LogSetAside(string scope, int partition, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Scope}: what is under way could not be marked")]
    private partial void LogUnmarked(Exception failure, string scope);
}

/// <summary>Which batches share a mark, and what becomes of an event that processes die of.</summary>
/// <param name="Name">Names the mark.</param>
/// <param name="DeathsAlone">So many deaths with the event alone, and it is set aside.</param>
/// <param name="IsAlwaysAlone">Its events are under suspicion already: each is tried alone.</param>
/// <param name="SetAside">Puts it where nobody tries it; durable when it returns.</param>
internal sealed record GuardedScope(string Name, int DeathsAlone, bool IsAlwaysAlone, Func<RawFeedback, CancellationToken, ValueTask<ProcessedBatch>> SetAside);
