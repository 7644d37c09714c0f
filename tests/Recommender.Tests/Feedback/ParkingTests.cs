using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ServerlessRec.Contracts.Feedback;
using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Feedback.Parking;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.Feedback;

public sealed class ParkingTests
{
    private readonly InMemoryUserStore _users = new();
    private readonly InMemoryBlobStore _blobs = new(TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FeedbackFiles Files => FeedbackFiles.Over(_blobs, TimeProvider.System);

    [Fact]
    public async Task A_user_whose_row_fails_is_parked_and_nobody_else_waits_for_it()
    {
        var batch = Enumerable.Range(0, 60).Select(i => Raw(i, $"u{i % 20}")).Append(Raw(60, "u7") with { Payload = "bad"u8.ToArray() }).ToList();
        var processed = await Processor(new PickyUserStore(_users, "u7"), _blobs).ProcessAsync(batch, Cancel);
        Assert.Equal(new ProcessedBatch(61, 19, 1, 0, 3), processed);
        Assert.Equal([7L, 27, 47], (await Files.Parking.ListAsync(Cancel).ToListAsync(Cancel)).Select(parked => parked.Raw.Sequence));
        Assert.Equal(57, _users.All.Sum(user => user.State.History.Count));
        Assert.Equal(57, await ArchivedAsync());

        var still = await Processor(new PickyUserStore(_users, "u7"), _blobs).ReplayParkedAsync(Cancel);
        Assert.Equal(3, still.Parked);
        var replayed = await Processor(_users, _blobs).ReplayParkedAsync(Cancel);
        Assert.Equal(new ProcessedBatch(3, 1, 0, 0), replayed);
        Assert.Equal(3, (await _users.ReadAsync("u7", Cancel))!.State.History.Count);
        Assert.Equal(60, await ArchivedAsync());
        Assert.Empty(await Files.Parking.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_batch_fails_only_when_not_even_parking_works()
    {
        var picky = new PickyUserStore(_users, "u");
        var away = new FaultyBlobStore(_blobs, new Fates(() => Fate.FailsBefore));
        await Assert.ThrowsAsync<BlobStoreException>(() => Processor(picky, away).ProcessAsync([Raw(0, "u")], Cancel));
        Assert.Equal(1, (await Processor(picky, _blobs).ProcessAsync([Raw(0, "u")], Cancel)).Parked);
    }

    [Fact]
    public async Task A_reader_brings_a_batch_again_until_it_is_parked_at_least()
    {
        var (calls, clock) = (0, new FakeTimeProvider(UserStates.Noon));
        var away = new FaultyBlobStore(_blobs, new Fates(() => ++calls <= 10 ? Fate.FailsBefore : Fate.Works));
        var processing = Processor(new PickyUserStore(_users, "u"), away, clock).ProcessUntilDoneAsync([Raw(0, "u")], Cancel);
        while (!processing.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(1, Cancel);
        }

        Assert.Equal(1, (await processing).Parked);
        Assert.Single(await Files.Parking.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task While_the_user_store_is_away_nothing_that_is_parked_is_touched()
    {
        await Processor(new PickyUserStore(_users, "u"), _blobs).ProcessAsync([Raw(0, "u")], Cancel);
        var before = await _blobs.ListAsync("", Cancel).ToListAsync(Cancel);
        var away = new FaultyUserStore(_users, new Fates(() => Fate.FailsBefore));
        await Assert.ThrowsAsync<UserStoreException>(() => Processor(away, _blobs).ReplayParkedAsync(Cancel));
        Assert.Equal(before, await _blobs.ListAsync("", Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Parked_events_from_before_a_deletion_do_not_bring_the_user_back()
    {
        await Processor(new PickyUserStore(_users, "u"), _blobs).ProcessAsync([Raw(0, "u")], Cancel);
        await UserDeletion.RunAsync(_users, "u", UserStates.Noon.AddMinutes(1), Cancel);
        await Processor(_users, _blobs).ReplayParkedAsync(Cancel);
        Assert.True((await _users.ReadAsync("u", Cancel))!.State.IsDeleted);
    }

    [Fact]
    public async Task An_event_that_processes_die_of_is_found_in_three_lives_and_ends_as_a_dead_letter_three_replays_later()
    {
        var batch = new[] { Raw(0, "u"), Raw(1, "u", FaultyUserStore.KillerItem), Raw(2, "u"), Raw(3, "v") };
        for (var life = 0; life < 3; life++)
        {
            await Assert.ThrowsAsync<SimulatedDeath>(() => NewLife().ProcessAsync(batch, Cancel));
        }

        Assert.Equal(1, (await NewLife().ProcessAsync(batch, Cancel)).Parked);
        Assert.Equal(["i0", "i2"], (await _users.ReadAsync("u", Cancel))!.State.History.Select(entry => entry.ItemId));
        Assert.Equal(3, await ArchivedAsync());

        for (var life = 0; life < 3; life++)
        {
            await Assert.ThrowsAsync<SimulatedDeath>(() => NewLife().ReplayParkedAsync(Cancel));
        }

        Assert.Equal(1, (await NewLife().ReplayParkedAsync(Cancel)).DeadLetters);
        Assert.Equal(1, Assert.Single(await Files.DeadLetters.ListAsync(Cancel).ToListAsync(Cancel)).Raw.Sequence);
        Assert.Empty(await Files.Parking.ListAsync(Cancel).ToListAsync(Cancel));
        Assert.Empty(await _blobs.ListAsync("suspects/", Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task An_innocent_event_that_was_under_way_in_every_death_is_applied()
    {
        var batch = new[] { Raw(0, "u"), Raw(1, "u") };
        for (var life = 0; life < 3; life++)
        {
            // The first two calls are those of the mark.
            var calls = 0;
            var fates = new Fates(() => ++calls == 3 ? Fate.DiesBefore : Fate.Works);
            var dies = Processor(new FaultyUserStore(_users, fates), new FaultyBlobStore(_blobs, fates));
            await Assert.ThrowsAsync<SimulatedDeath>(() => dies.ProcessAsync(batch, Cancel));
        }

        await NewLife().ProcessAsync(batch, Cancel);
        await NewLife().ReplayParkedAsync(Cancel);
        Assert.Equal(2, (await _users.ReadAsync("u", Cancel))!.State.History.Count);
        Assert.Empty(await Files.DeadLetters.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Stores_that_go_away_while_a_suspect_is_tried_are_no_deaths_of_it()
    {
        await Files.Parking.ParkAsync([new ParkedFeedback(Raw(0, "u"), "a process died while it applied it alone")], areSuspects: true, Cancel);
        var userCalls = 0;
        var timer = Processor(
            new FaultyUserStore(_users, new Fates(() => ++userCalls > 1 ? Fate.FailsBefore : Fate.Works)),
            new FaultyBlobStore(_blobs, new Fates(() => userCalls > 1 ? Fate.FailsBefore : Fate.Works)));
        for (var outage = 0; outage < 5; outage++)
        {
            userCalls = 0;
            await Assert.ThrowsAsync<BlobStoreException>(() => timer.ReplayParkedAsync(Cancel));
        }

        Assert.Equal(default, (await NewLife().ReplayParkedAsync(Cancel)).DeadLetters);
        Assert.Single((await _users.ReadAsync("u", Cancel))!.State.History);
    }

    private static RawFeedback Raw(long sequence, string user, string? item = null) => new(3, sequence, UserStates.Noon, Encoding.UTF8.GetBytes(
        $$"""{"UserId":"{{user}}","ItemId":"{{item ?? $"i{sequence}"}}","FeedbackType":"click"}"""));

    private static FeedbackProcessor Processor(IUserStore users, IBlobStore blobs, TimeProvider? clock = null) => new(
        users,
        Inference.Infer,
        FeedbackFiles.Over(blobs, clock ?? TimeProvider.System),
        new FeedbackRetries { Pause = TimeSpan.Zero },
        clock ?? TimeProvider.System,
        NullLogger<FeedbackProcessor>.Instance);

    private FeedbackProcessor NewLife()
    {
        var fates = new Fates(() => Fate.Works);
        return Processor(new FaultyUserStore(_users, fates), new FaultyBlobStore(_blobs, fates));
    }

    private async Task<int> ArchivedAsync() =>
        await new FeedbackArchiveReader(_blobs).ReadAsync(UserStates.Noon, UserStates.Noon, Cancel).CountAsync(Cancel);

    /// <summary>A store that cannot write the row of one user.</summary>
    private sealed class PickyUserStore(IUserStore store, string refused) : IUserStore
    {
        public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) => store.ReadAsync(userId, cancellationToken);

        public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
            store.ReadManyAsync(userIds, cancellationToken);

        public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken) =>
            writes.Any(write => write.State.User.UserId == refused)
                ? throw new UserStoreException("this row cannot be written")
                : store.WriteManyAsync(writes, cancellationToken);

        public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) => store.DeleteAsync(userId, cancellationToken);

        public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) => store.ListAsync(cursor, count, cancellationToken);

        public ValueTask CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);
    }
}
