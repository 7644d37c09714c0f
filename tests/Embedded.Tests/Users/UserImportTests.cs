using ServerlessRec.Contracts.Users;
using ServerlessRec.Embedded.Users;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Embedded.Tests.Users;

public sealed class UserImportTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SqliteUserStore _users;

    public UserImportTests() => _users = new SqliteUserStore(Path.Combine(_folder.Path, "users.db"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _users.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Histories_come_in_by_time_and_a_second_run_writes_nothing()
    {
        ImportedUser[] imported = [.. Enumerable.Range(0, 1200).Select(u => Imported($"u{u}", 5, 2, 9, 2))];
        Assert.Equal(1200, await UserImport.RunAsync(_users, imported, Cancel));
        var state = (await _users.ReadAsync("u7", Cancel))!.State;
        Assert.Equal(["i2", "i2", "i5", "i9"], state.History.Select(entry => entry.ItemId));
        Assert.Equal(3, state.SeenItems.Count);
        Assert.Equal(0, await UserImport.RunAsync(_users, imported, Cancel));
        Assert.Equal(4, (await _users.ReadAsync("u7", Cancel))!.State.History.Count);
    }

    [Fact]
    public async Task Longer_histories_keep_the_newest_entries_and_remember_the_rest_as_seen()
    {
        ImportedUser[] imported = [Imported("u", [.. Enumerable.Range(0, 300).Reverse()])];
        await UserImport.RunAsync(_users, imported, Cancel);
        var state = (await _users.ReadAsync("u", Cancel))!.State;
        Assert.Equal(Enumerable.Range(100, 200).Select(i => $"i{i}"), state.History.Select(entry => entry.ItemId));
        Assert.Contains(ItemHash.Of("i0"), state.SeenItems);
        Assert.Equal(0, await UserImport.RunAsync(_users, imported, Cancel));
    }

    [Fact]
    public async Task Live_feedback_and_labels_that_are_there_stay()
    {
        var live = HistoryUpdate.Apply(
            HistoryUpdate.NewUser("u") with { User = new User("u", "\"live\"") },
            [new LoggedFeedback(Event("live", UserStates.Noon.AddMinutes(3)), 0, 1, UserStates.Noon)]);
        await _users.WriteManyAsync([new UserWrite(live, null)], Cancel);

        await UserImport.RunAsync(_users, [Imported("u", 2, 4) with { User = new User("u", "\"imported\"", "title") }], Cancel);
        var state = (await _users.ReadAsync("u", Cancel))!.State;
        Assert.Equal(["i2", "live", "i4"], state.History.Select(entry => entry.ItemId));
        Assert.Equal(new User("u", "\"live\"", "title"), state.User);
        Assert.Single(state.Applied);
    }

    [Fact]
    public async Task A_deleted_user_is_not_brought_back()
    {
        var deleted = HistoryUpdate.NewUser("u") with { DeletedAt = UserStates.Noon, IsDeleted = true };
        await _users.WriteManyAsync([new UserWrite(deleted, null)], Cancel);
        Assert.Equal(0, await UserImport.RunAsync(_users, [Imported("u", 1)], Cancel));
        Assert.Empty((await _users.ReadAsync("u", Cancel))!.State.History);
    }

    private static FeedbackEvent Event(string item, DateTimeOffset time) =>
        new() { UserId = "u", ItemId = item, FeedbackType = "click", Timestamp = time };

    private static ImportedUser Imported(string user, params int[] minutes) => new(
        new User(user), [.. minutes.Select(minute => new HistoryEntry($"i{minute}", "click", 1, UserStates.Noon.AddMinutes(minute)))]);
}
