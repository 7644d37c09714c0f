using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.Users;

public sealed class RecentUsersTests
{
    private readonly CountedReads _store = new(new InMemoryUserStore());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_that_was_written_is_read_again_without_asking_the_store()
    {
        var recent = new RecentUsers(_store);
        var first = await recent.WriteManyAsync([new UserWrite(UserStates.New("u"), null)], Cancel);
        var read = await recent.ReadManyAsync(["u", "nobody"], Cancel);
        Assert.Equal((first[0].ETag, 1), (read[0]!.ETag, _store.Rows));
        Assert.Null(read[1]);
        Assert.True((await recent.WriteManyAsync([new UserWrite(UserStates.New("u", "again"), read[0]!.ETag)], Cancel))[0].Written);
        Assert.Equal("again", (await recent.ReadManyAsync(["u"], Cancel))[0]!.State.User.Comment);
        Assert.Equal(1, _store.Rows);
    }

    [Fact]
    public async Task A_remembered_row_that_somebody_else_changed_is_refused_once_and_then_read_anew()
    {
        var recent = new RecentUsers(_store);
        var mine = await recent.WriteManyAsync([new UserWrite(UserStates.New("u"), null)], Cancel);
        await _store.WriteManyAsync([new UserWrite(UserStates.New("u", "theirs"), mine[0].ETag)], Cancel);
        var stale = (await recent.ReadManyAsync(["u"], Cancel))[0]!;
        Assert.False((await recent.WriteManyAsync([new UserWrite(stale.State, stale.ETag)], Cancel))[0].Written);
        Assert.Equal("theirs", (await recent.ReadManyAsync(["u"], Cancel))[0]!.State.User.Comment);
        Assert.Equal("theirs", (await recent.ReadAsync("u", Cancel))!.State.User.Comment);
    }

    [Fact]
    public async Task What_is_remembered_stays_within_its_bytes_and_what_is_used_stays_longest()
    {
        var recent = new RecentUsers(_store, maxBytes: 40_000);
        await recent.WriteManyAsync([new UserWrite(UserStates.New("used"), null)], Cancel);
        for (var i = 0; i < 200; i++)
        {
            await recent.WriteManyAsync([new UserWrite(UserStates.New($"u{i}"), null)], Cancel);
            await recent.ReadManyAsync(["used"], Cancel);
        }

        Assert.Equal(0, _store.Rows);
        await recent.ReadManyAsync([.. Enumerable.Range(0, 200).Select(i => $"u{i}")], Cancel);
        Assert.InRange(_store.Rows, 150, 190);
    }

    private sealed class CountedReads(IUserStore users) : IUserStore
    {
        public int Rows { get; private set; }

        public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) => users.ReadAsync(userId, cancellationToken);

        public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
        {
            Rows += userIds.Count;
            return users.ReadManyAsync(userIds, cancellationToken);
        }

        public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken) =>
            users.WriteManyAsync(writes, cancellationToken);

        public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) => users.DeleteAsync(userId, cancellationToken);

        public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) => users.ListAsync(cursor, count, cancellationToken);

        public ValueTask CheckAsync(CancellationToken cancellationToken) => users.CheckAsync(cancellationToken);
    }
}
