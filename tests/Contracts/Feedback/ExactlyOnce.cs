using System.Text;
using CsCheck;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Contracts.Feedback;

/// <summary>
/// Whatever the host, the stores and dying processes do, the end is that of a sequential model that reads the log once. One world of it, over
/// any stores.
/// </summary>
/// <param name="Stream">The log.</param>
/// <param name="Schedule">What the host does.</param>
/// <param name="BatchSize">Events a delivery.</param>
/// <param name="Seed">Of the fates.</param>
internal sealed record ExactlyOnce(SimulatedStream Stream, (int Action, int Partition, int Choice)[] Schedule, int BatchSize, int Seed)
{
    public static readonly Gen<ExactlyOnce> Gen = CsCheck.Gen.Select(
        SimulatedStream.Gen,
        CsCheck.Gen.Select(CsCheck.Gen.Int[0, 11], CsCheck.Gen.Int[0, SimulatedStream.Partitions - 1], CsCheck.Gen.Int[0, 7]).Array[0, 30],
        CsCheck.Gen.Int[1, 12],
        CsCheck.Gen.Int,
        (stream, schedule, batchSize, seed) => new ExactlyOnce(stream, schedule, batchSize, seed));

    /// <summary>Lives through it.</summary>
    /// <param name="open">The stores as a new process sees them, empty at first.</param>
    /// <param name="recovered">Called when faults end.</param>
    public async Task CheckAsync(Func<(IUserStore Users, IBlobStore Blobs)> open, Func<Task>? recovered = null)
    {
        var random = new Random(Seed);
        var host = new SimulatedHost(Stream.Log, BatchSize, open, () => Next(random), remembersRows: Seed % 2 == 0);
        foreach (var (action, partition, choice) in Schedule)
        {
            await (action switch
            {
                < 3 => host.Deliver(partition, checkpointIsLost: choice == 0),
                3 or 4 => host.DeliverWhileAnOrphanWrites(partition, choice % 3),
                5 => host.DeliverLaterBatchFirst(partition),
                6 or 7 => host.Orphan(partition, holdBefore: choice, later: choice % 2 == 0),
                8 or 9 => host.ReleaseOrphan(choice),
                _ => host.Replay(),
            });
        }

        if (recovered is not null)
        {
            await recovered();
        }

        await host.Recover();
        var (users, blobs) = open();
        await CheckStates(users);
        await CheckArchiveAndDeadLetters(blobs);
    }

    public override string ToString() => $"batches of {BatchSize}, seed {Seed}\n{Stream}\n{string.Join(' ', Schedule)}";

    private static Fate Next(Random random)
    {
        lock (random)
        {
            return random.Next(20) switch
            {
                0 => Fate.FailsBefore,
                1 => Fate.FailsAfter,
                2 => Fate.FailsHalfWay,
                3 => Fate.DiesBefore,
                4 => Fate.DiesAfter,
                _ => Fate.Works,
            };
        }
    }

    private async Task CheckStates(IUserStore users)
    {
        var expected = Stream.Model().GroupBy(feedback => feedback.UserId)
            .ToDictionary(user => user.Key, user => Ordered(user.Select(feedback => (feedback.Timestamp, feedback.ItemId, feedback.Value))));
        var rows = (await users.ReadManyAsync(SimulatedStream.Users, default)).OfType<StoredUser>().ToList();
        Assert.Equal(expected.Keys.Order(), rows.Select(user => user.State.User.UserId).Order());
        foreach (var (state, _) in rows)
        {
            Assert.Equal(expected[state.User.UserId], Ordered(state.History.Select(entry => (entry.Timestamp, entry.ItemId, entry.Value))));
            Assert.Equal(state.History.Select(entry => entry.Timestamp).Order(), state.History.Select(entry => entry.Timestamp));
            Assert.Equal(state.History.Select(entry => ItemHash.Of(entry.ItemId)).ToHashSet(), state.SeenItems.ToHashSet());
            Assert.Equal(Inference.TowerVersion, state.TowerVersion);
            Assert.Equal(Inference.Of(state.History), Assert.Single(state.Vector.ToArray()));
        }
    }

    private async Task CheckArchiveAndDeadLetters(IBlobStore blobs)
    {
        var archived = await new FeedbackArchiveReader(blobs).ReadAsync(UserStates.Noon, UserStates.Noon, default).ToListAsync();
        Assert.Equal(Stream.Model().Select(Key).Order(), archived.Select(logged => Key(logged.Event)).Order());
        var dead = await new DeadLetters(blobs).ListAsync(default).ToListAsync();
        Assert.Equal(Stream.Dead().Order(), dead.Select(letter => (letter.Raw.Partition, letter.Raw.Sequence)).Order());
    }

    private static string Key(FeedbackEvent feedback) => Encoding.UTF8.GetString(SimulatedStream.Json(feedback));

    private static List<(DateTimeOffset, string, double)> Ordered(IEnumerable<(DateTimeOffset, string, double)> entries) => [.. entries.Order()];
}
