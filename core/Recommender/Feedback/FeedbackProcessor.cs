using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Feedback.Applying;
using ServerlessRec.Recommender.Feedback.Parking;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>
/// Turns batches of logged feedback into user states and vectors. Knows nothing of where batches come from: an Event Hub trigger, an
/// Event Hubs client and the embedded log's reader all call it.
/// </summary>
/// <remarks>
/// A batch that threw is delivered again by its host, and every repeat is harmless: each event is applied once, by its place in the log and
/// by its event id, however often and in whatever order batches come, even while an orphaned process still writes. Every event stands alone:
/// what can never be applied becomes a dead letter, what a store refuses for long is parked and tried again by
/// <see cref="ReplayParkedAsync"/>, and an event that processes die of is found and parked too. The batch fails only when even parking fails.
/// Thread-safe; one instance a process.
/// </remarks>
public sealed partial class FeedbackProcessor
{
    /// <summary>
    /// How long batches of a partition are marked before they are applied, from the process's first one on. Longer than a reader is behind with
    /// its checkpoint: what a process died of comes again within this time.
    /// </summary>
    public static readonly TimeSpan ProbationTime = TimeSpan.FromSeconds(2);

    private const int DeathsAlone = 1;
    private static readonly TimeSpan RedeliveryDelay = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock;
    private readonly ILogger<FeedbackProcessor> _logger;
    private readonly BatchApplication _application;
    private readonly SuspectGuard _guard;
    private readonly FeedbackParking _parking;
    private readonly ParkedReplay _replay;
    private readonly ConcurrentDictionary<int, long> _firstDone = new();

    /// <summary>A processor over these stores.</summary>
    /// <param name="users">Where states lie.</param>
    /// <param name="infer">Makes user vectors; a state without one is inferred when it is read.</param>
    /// <param name="files">Archive, dead letters, parked events, suspects.</param>
    /// <param name="retries">How long a batch is tried before what fails is parked.</param>
    /// <param name="clock">For pauses, and for the lag that is measured.</param>
    /// <param name="logger">Gets counts and faults, no ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="retries"/> is out of range.</exception>
    public FeedbackProcessor(
        IUserStore users,
        UserVectorInference infer,
        FeedbackFiles files,
        FeedbackRetries retries,
        TimeProvider clock,
        ILogger<FeedbackProcessor> logger)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(retries);
        var updates = new IsolatedUpdates(new UserUpdates(users, infer, logger), retries.Validated(), clock, logger);
        (_clock, _logger) = (clock, logger);
        _parking = files.Parking;
        _application = new BatchApplication(updates, files, retries, clock, logger);
        _guard = new SuspectGuard(files.Suspects, _application.RunAsync, logger);
        _replay = new ParkedReplay(users, files, _guard, logger);
    }

    /// <summary>Applies a batch. When this returns, states, archive, dead letters and parked events are durable.</summary>
    /// <param name="batch">Events of any users, usually of one partition.</param>
    /// <param name="cancellationToken">Stops between calls of stores; the batch must be delivered again.</param>
    /// <exception cref="Blobs.BlobStoreException">Not even parking works; deliver the batch again.</exception>
    public async Task<ProcessedBatch> ProcessAsync(IReadOnlyList<RawFeedback> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count == 0)
        {
            return default;
        }

        // A process that dies of a batch gets it again in its next life, among the first of that partition: only those need a mark.
        var partition = batch[0].Partition;
        var processed = _firstDone.TryGetValue(partition, out var firstDone) && _clock.GetElapsedTime(firstDone) > ProbationTime
            ? await _application.RunAsync(batch, cancellationToken).ConfigureAwait(false)
            : await _guard.RunAsync(Scope(partition), batch, cancellationToken).ConfigureAwait(false);
        _firstDone.TryAdd(partition, _clock.GetTimestamp());
        FeedbackMeter.Record(processed, batch, _clock.GetUtcNow());
        return processed;
    }

    /// <summary>
    /// Applies a batch, again and again until it succeeds: for readers of a log that brings nothing again by itself. A batch that is passed over
    /// is lost.
    /// </summary>
    /// <param name="batch">Events of one partition, which waits.</param>
    /// <param name="cancellationToken">Gives up; the batch must be delivered again.</param>
    public async Task<ProcessedBatch> ProcessUntilDoneAsync(IReadOnlyList<RawFeedback> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ProcessAsync(batch, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogRetry(failure, batch[0].Partition, batch[0].Sequence, batch.Count, RedeliveryDelay.TotalSeconds);
            }

            await Task.Delay(RedeliveryDelay, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tries everything again that is parked, unless another process does just now. Returns what became of it.</summary>
    /// <exception cref="UserStoreException">The user store is away; everything stays parked.</exception>
    /// <exception cref="Blobs.BlobStoreException">The blob store is away; what was not reached stays parked.</exception>
    public Task<ProcessedBatch> ReplayParkedAsync(CancellationToken cancellationToken) => _replay.RunAsync(cancellationToken);

    private GuardedScope Scope(int partition) =>
        new(string.Create(CultureInfo.InvariantCulture, $"p{partition}"), DeathsAlone, false, ParkAsync);

    private async ValueTask<ProcessedBatch> ParkAsync(RawFeedback raw, CancellationToken cancellationToken)
    {
        var parked = new ParkedFeedback(raw, "a process died while it applied it alone");
        await _parking.ParkAsync([parked], areSuspects: true, cancellationToken).ConfigureAwait(false);
        return new ProcessedBatch(1, 0, 0, 0, 1);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition}: the batch of {Count} events from sequence {Sequence} could not even be "
        + "parked and is tried again in {Seconds} s")]
    private partial void LogRetry(Exception failure, int partition, long sequence, int count, double seconds);
}
