using System.Collections.Concurrent;
using System.Globalization;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Contracts.InMemory;

/// <summary>A user store in a dictionary, for tests and for measuring what stands in front of a store.</summary>
internal sealed class InMemoryUserStore : IUserStore
{
    private readonly ConcurrentDictionary<string, StoredUser> _users = new(StringComparer.Ordinal);
    private long _version;

    public ICollection<StoredUser> All => _users.Values;

    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_users.GetValueOrDefault(userId));

    public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var users = new StoredUser?[userIds.Count];
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = _users.GetValueOrDefault(userIds[i]);
        }

        return ValueTask.FromResult<IReadOnlyList<StoredUser?>>(users);
    }

    public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(
        IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Select(write => write.State.User.UserId).Distinct(StringComparer.Ordinal).Count() < writes.Count)
        {
            throw new ArgumentException("A user stands twice in one call.", nameof(writes));
        }

        var outcomes = new UserWriteOutcome[writes.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Write(writes[i]);
        }

        return ValueTask.FromResult<IReadOnlyList<UserWriteOutcome>>(outcomes);
    }

    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_users.TryRemove(userId, out _));

    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken)
    {
        var start = string.IsNullOrEmpty(cursor) ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var users = _users.Values.Where(user => !user.State.IsDeleted).Select(user => user.State.User)
            .OrderBy(user => user.UserId, StringComparer.Ordinal).Skip(start).Take(count).ToArray();
        var next = users.Length < count ? "" : (start + count).ToString(CultureInfo.InvariantCulture);
        return ValueTask.FromResult(new UserPage(users, next));
    }

    public ValueTask CheckAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private UserWriteOutcome Write(UserWrite write)
    {
        var row = new StoredUser(write.State, Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture));
        var id = write.State.User.UserId;
        if (write.ExpectedETag is null)
        {
            return _users.TryAdd(id, row) ? new(true, row.ETag) : default;
        }

        return _users.TryGetValue(id, out var present) && present.ETag == write.ExpectedETag && _users.TryUpdate(id, row, present)
            ? new(true, row.ETag)
            : default;
    }
}
