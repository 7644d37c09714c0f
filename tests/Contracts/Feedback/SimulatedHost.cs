using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Contracts.Feedback;

/// <summary>
/// A host with a log of two partitions and everything that the real one was seen to do: batches that fail and come again, processes that
/// die between two calls, checkpoints that are lost, a later batch before an earlier failing one, an orphan that writes later, and a timer
/// that has parked events tried again.
/// </summary>
/// <param name="log">Partition by partition.</param>
/// <param name="batchSize">Events a delivery.</param>
/// <param name="open">The stores as a new process sees them.</param>
/// <param name="fate">The fate of the next call of any process.</param>
/// <param name="remembersRows">Processes run many batches and remember what they wrote.</param>
internal sealed class SimulatedHost(
    RawFeedback[][] log, int batchSize, Func<(IUserStore Users, IBlobStore Blobs)> open, Func<Fate> fate, bool remembersRows)
{
    // More than the deaths that all events together can cost.
    private const int MaxLives = 400;

    // No time passes in a simulation.
    private static readonly FeedbackRetries Retries = new() { Pause = TimeSpan.Zero };

    private readonly int[] _checkpoints = new int[log.Length];
    private readonly List<(Fates Fates, Task Run)> _orphans = [];
    private readonly AsyncLocal<Fates> _fates = new();
    private RecentUsers? _recent;
    private (FeedbackProcessor Processor, Fates Fates)? _timer;
    private int _timerDeaths;
    private bool _hasRecovered;

    public async Task Deliver(int partition, bool checkpointIsLost)
    {
        var (batch, end) = Batch(partition, _checkpoints[partition]);
        if (await Run(batch, new Fates(fate)) && !checkpointIsLost)
        {
            _checkpoints[partition] = end;
        }
    }

    /// <summary>A delivery is slow before one of its calls, and an orphan writes in just that moment.</summary>
    public async Task DeliverWhileAnOrphanWrites(int partition, int holdBefore)
    {
        var (batch, end) = Batch(partition, _checkpoints[partition]);
        var fates = new Fates(fate, holdBefore);
        var run = Run(batch, fates);
        await Task.WhenAny(run, fates.Held);
        await ReleaseOrphan(holdBefore);
        fates.Release();
        if (await run)
        {
            _checkpoints[partition] = end;
        }
    }

    /// <summary>The batch after the next runs first; neither counts as done.</summary>
    public async Task DeliverLaterBatchFirst(int partition)
    {
        var (_, end) = Batch(partition, _checkpoints[partition]);
        await Run(Batch(partition, end).Events, new Fates(fate));
    }

    /// <summary>A process is held up before one of its calls; the host takes it for dead. It may have had the batch after the next.</summary>
    public async Task Orphan(int partition, int holdBefore, bool later)
    {
        var fates = new Fates(fate, holdBefore);
        var (next, end) = Batch(partition, _checkpoints[partition]);
        var run = Run(later ? Batch(partition, end).Events : next, fates);
        await Task.WhenAny(run, fates.Held);
        _orphans.Add((fates, run));
    }

    public async Task ReleaseOrphan(int which)
    {
        if (_orphans.Count > 0)
        {
            var (fates, run) = _orphans[which % _orphans.Count];
            fates.Release();
            await run;
        }
    }

    /// <summary>The timer, in a process that lives until it dies.</summary>
    public async Task Replay()
    {
        var (processor, fates) = _timer ??= Timer();
        await Live(fates, processor, timer => timer.ReplayParkedAsync(default));
        if (fates.IsDead)
        {
            _timer = null;
        }
    }

    /// <summary>The stores are well again: everything that is not done comes again, and the timer runs until nothing is parked. Orphans go on in the middle and at the end.</summary>
    public async Task Recover()
    {
        _hasRecovered = true;
        for (var partition = 0; partition < log.Length; partition++)
        {
            for (var life = 0; _checkpoints[partition] < log[partition].Length; life++)
            {
                Assert.True(life < MaxLives, $"Partition {partition} stands still at {_checkpoints[partition]}.");
                var (batch, end) = Batch(partition, _checkpoints[partition]);
                if (await Run(batch, new Fates(() => Fate.Works)))
                {
                    _checkpoints[partition] = end;
                }
            }

            await ReleaseOrphan(partition);
        }

        for (var i = 0; i < _orphans.Count; i++)
        {
            await ReleaseOrphan(i);
        }

        var parking = FeedbackFiles.Over(open().Blobs, TimeProvider.System).Parking;
        for (var life = 0; await parking.ListAsync(default).AnyAsync(); life++)
        {
            Assert.True(life < MaxLives, "Parked events stay parked.");
            await Replay();
        }
    }

    private (RawFeedback[] Events, int End) Batch(int partition, int start)
    {
        var end = Math.Min(start + batchSize, log[partition].Length);
        return (log[partition][start..end], end);
    }

    // A process of its own, or one that has run others before and remembers what it wrote.
    private Task<bool> Run(RawFeedback[] batch, Fates fates) => Live(fates, Processor(fates), processor => processor.ProcessAsync(batch, default));

    // It dies twice by chance at most: an event that a third one died with would be a dead letter.
    private (FeedbackProcessor Processor, Fates Fates) Timer()
    {
        var fates = new Fates(() =>
        {
            var next = _hasRecovered ? Fate.Works : fate();
            return next is Fate.DiesBefore or Fate.DiesAfter && _timerDeaths++ >= 2 ? Fate.Works : next;
        });
        return (Processor(fates), fates);
    }

    private FeedbackProcessor Processor(Fates fates)
    {
        var (users, blobs) = open();
        return new FeedbackProcessor(
            remembersRows ? _recent ??= new RecentUsers(new FatedUserStore(users, _fates), maxBytes: 4000) : new FaultyUserStore(users, fates),
            Inference.Infer,
            FeedbackFiles.Over(new FaultyBlobStore(blobs, fates), TimeProvider.System),
            Retries,
            TimeProvider.System,
            NullLogger<FeedbackProcessor>.Instance);
    }

    /// <summary>False when the process died or its work failed.</summary>
    private async Task<bool> Live(Fates fates, FeedbackProcessor processor, Func<FeedbackProcessor, Task> work)
    {
        _fates.Value = fates;
        try
        {
            await work(processor);
            return true;
        }
        catch (Exception end) when (end is SimulatedDeath or BlobStoreException or UserStoreException)
        {
            return false;
        }
    }
}
