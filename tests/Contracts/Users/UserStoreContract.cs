using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Contracts.Users;

/// <summary>What every <see cref="IUserStore"/> must do. An implementation's tests derive from this class.</summary>
public abstract class UserStoreContract
{
    /// <summary>A store over the test's own storage; a second call opens the same storage again, like another process would.</summary>
    protected abstract IUserStore Open();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_written_user_is_read_back_by_any_instance()
    {
        var state = UserStates.New("ünï/code #1?\\", "comment");
        var outcome = await Write(Open(), state, null);
        var read = await Open().ReadAsync("ünï/code #1?\\", Cancel);
        UserStates.AssertSame(state, read?.State);
        Assert.Equal(outcome.ETag, read!.ETag);
    }

    [Fact]
    public async Task Ids_differ_in_case_and_in_trailing_spaces()
    {
        var store = Open();
        string[] ids = ["a", "A", "a ", "a/", "á", new string('x', 256), new string('€', 256), "😀"];
        foreach (var id in ids)
        {
            Assert.True((await Write(store, UserStates.New(id, $"I am '{id}'"), null)).Written);
        }

        var read = await store.ReadManyAsync(ids, Cancel);
        Assert.Equal(ids.Select(id => $"I am '{id}'"), read.Select(user => user!.State.User.Comment));
    }

    [Fact]
    public async Task Reading_many_answers_in_the_order_asked_with_null_for_strangers()
    {
        var store = Open();
        await store.WriteManyAsync([.. Enumerable.Range(0, 20).Select(i => new UserWrite(UserStates.New($"u{i}"), null))], Cancel);
        var read = await store.ReadManyAsync(["u7", "stranger", "u3", "u7"], Cancel);
        Assert.Equal(["u7", null, "u3", "u7"], read.Select(user => user?.State.User.UserId));
        Assert.Null(await store.ReadAsync("stranger", Cancel));
        Assert.Empty(await store.ReadManyAsync([], Cancel));
    }

    [Fact]
    public async Task A_write_over_an_outdated_version_is_told_and_changes_nothing()
    {
        var store = Open();
        var first = await Write(store, UserStates.New("u", "1"), null);
        var second = await Write(store, UserStates.New("u", "2"), first.ETag);
        Assert.True(second.Written);
        Assert.NotEqual(first.ETag, second.ETag);

        Assert.False((await Write(Open(), UserStates.New("u", "3"), first.ETag)).Written);
        Assert.False((await Write(Open(), UserStates.New("u", "4"), null)).Written);
        Assert.False((await Write(Open(), UserStates.New("unknown"), first.ETag)).Written);
        Assert.False((await Write(Open(), UserStates.New("u", "5"), "not an etag")).Written);
        var read = await store.ReadAsync("u", Cancel);
        Assert.Equal("2", read!.State.User.Comment);
        Assert.Equal(second.ETag, read.ETag);
        Assert.Null(await store.ReadAsync("unknown", Cancel));
    }

    [Fact]
    public async Task A_conflict_of_one_row_says_nothing_about_the_others_of_the_call()
    {
        var store = Open();
        await Write(store, UserStates.New("taken", "old"), null);
        var outcomes = await store.WriteManyAsync(
            [new(UserStates.New("a"), null), new(UserStates.New("taken", "new"), null), new(UserStates.New("b"), null)], Cancel);
        Assert.Equal([true, false, true], outcomes.Select(outcome => outcome.Written));
        Assert.Equal("old", (await store.ReadAsync("taken", Cancel))!.State.User.Comment);
        Assert.NotNull(await store.ReadAsync("b", Cancel));
    }

    [Fact]
    public async Task A_user_twice_in_one_call_is_refused_whole()
    {
        var store = Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteManyAsync(
            [new(UserStates.New("a"), null), new(UserStates.New("b"), null), new(UserStates.New("a"), null)], Cancel));
        Assert.Null(await store.ReadAsync("b", Cancel));
    }

    [Fact]
    public async Task A_user_deleted_and_made_anew_has_another_etag()
    {
        var store = Open();
        var first = await Write(store, UserStates.New("u"), null);
        Assert.True(await store.DeleteAsync("u", Cancel));
        Assert.False(await store.DeleteAsync("u", Cancel));
        Assert.Null(await store.ReadAsync("u", Cancel));
        Assert.NotEqual(first.ETag, (await Write(store, UserStates.New("u"), null)).ETag);
        Assert.False((await Write(store, UserStates.New("u"), first.ETag)).Written);
    }

    [Fact]
    public async Task Many_writers_that_read_again_after_a_conflict_lose_no_change()
    {
        const int Writers = 6;
        const int Each = 20;
        await Write(Open(), UserStates.New("counter", "0"), null);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            var store = Open();
            for (var done = 0; done < Each;)
            {
                var read = (await store.ReadAsync("counter", Cancel))!;
                var next = (int.Parse(read.State.User.Comment) + 1).ToString();
                var state = read.State with { User = read.State.User with { Comment = next } };
                done += (await Write(store, state, read.ETag)).Written ? 1 : 0;
            }
        })));
        Assert.Equal($"{Writers * Each}", (await Open().ReadAsync("counter", Cancel))!.State.User.Comment);
    }

    [Fact]
    public async Task The_largest_state_is_kept_whole()
    {
        var id = new string('€', 256);
        var largest = UserStates.New("u") with
        {
            History = [.. Enumerable.Range(0, UserState.HistoryCapacity).Select(i =>
                new HistoryEntry(id[..250] + i, new string('ü', 64), 0.1, UserStates.Noon.AddMinutes(i), 31, long.MaxValue - i))],
            SeenItems = [.. Enumerable.Range(0, UserState.SeenCapacity).Select(i => ulong.MaxValue - (ulong)i)],
            Applied = [.. Enumerable.Range(0, UserState.AppliedCapacity).Select(i => new AppliedMark(31, i * 1_000_000_000_000, (ulong)i))],
            Vector = new float[2048],
        };
        await Write(Open(), largest, null);
        UserStates.AssertSame(largest, (await Open().ReadAsync("u", Cancel))?.State);
    }

    [Fact]
    public async Task Pages_hold_every_living_user_once()
    {
        var store = Open();
        var ids = Enumerable.Range(0, 25).Select(i => $"u{i}").ToHashSet();
        await store.WriteManyAsync([.. ids.Select(id => new UserWrite(UserStates.New(id), null))], Cancel);
        await Write(store, UserStates.New("deleted") with { DeletedAt = UserStates.Noon, IsDeleted = true }, null);

        var seen = new List<string>();
        var page = await store.ListAsync(null, 10, Cancel);
        while (true)
        {
            Assert.True(page.Users.Count <= 10);
            seen.AddRange(page.Users.Select(user => user.UserId));
            if (page.Cursor.Length == 0)
            {
                break;
            }

            page = await Open().ListAsync(page.Cursor, 10, Cancel);
        }

        Assert.Equal(ids.Count, seen.Count);
        Assert.Equal(ids, seen.ToHashSet());
        await Assert.ThrowsAsync<FormatException>(async () => await store.ListAsync("%%%", 10, Cancel));
    }

    [Fact]
    public async Task A_store_that_is_there_passes_its_check() => await Open().CheckAsync(Cancel);

    private static async Task<UserWriteOutcome> Write(IUserStore store, UserState state, string? expected) =>
        Assert.Single(await store.WriteManyAsync([new UserWrite(state, expected)], Cancel));
}
