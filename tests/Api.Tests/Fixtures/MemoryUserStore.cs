using System.Globalization;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Tests.Fixtures;

/// <summary>Users in memory, with a switch that makes the store be away.</summary>
internal sealed class MemoryUserStore : IUserStore
{
    private readonly SortedDictionary<string, StoredUser> _rows = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private long _version;

    public bool IsAway { get; set; }

    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Run(() => _rows.GetValueOrDefault(userId)));

    public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Run<IReadOnlyList<StoredUser?>>(() => [.. userIds.Select(id => _rows.GetValueOrDefault(id))]));

    public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Run<IReadOnlyList<UserWriteOutcome>>(() => [.. writes.Select(Write)]));

    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) => ValueTask.FromResult(Run(() => _rows.Remove(userId)));

    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) => ValueTask.FromResult(Run(() =>
    {
        if (cursor is { Length: > 0 } && !cursor.StartsWith("after:", StringComparison.Ordinal))
        {
            throw new FormatException("Not a cursor of this store.");
        }

        var after = cursor is { Length: > 0 } ? cursor["after:".Length..] : "";
        var users = _rows.Values.Select(row => row.State.User).Where(user => string.CompareOrdinal(user.UserId, after) > 0).Take(count + 1).ToList();
        return users.Count <= count ? new UserPage(users, "") : new UserPage(users[..count], count == 0 ? cursor ?? "" : "after:" + users[count - 1].UserId);
    }));

    public ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        Run(() => 0);
        return ValueTask.CompletedTask;
    }

    private UserWriteOutcome Write(UserWrite write)
    {
        var row = _rows.GetValueOrDefault(write.State.User.UserId);
        if (row?.ETag != write.ExpectedETag)
        {
            return new UserWriteOutcome(false, null);
        }

        var etag = (++_version).ToString(CultureInfo.InvariantCulture);
        _rows[write.State.User.UserId] = new StoredUser(write.State, etag);
        return new UserWriteOutcome(true, etag);
    }

    private T Run<T>(Func<T> work)
    {
        lock (_lock)
        {
            return IsAway ? throw new UserStoreException("The store is away, with secret-connection-string inside.") : work();
        }
    }
}
