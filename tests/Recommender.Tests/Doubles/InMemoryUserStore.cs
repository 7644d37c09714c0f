using System.Collections.Concurrent;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.Doubles;

/// <summary>The user store port in memory.</summary>
internal sealed class InMemoryUserStore : IUserStore
{
    private readonly ConcurrentDictionary<string, StoredUser> _rows = new(StringComparer.Ordinal);
    private int _reads;

    public int Reads => _reads;

    public void Put(UserState state) => _rows[state.User.UserId] = new StoredUser(state, Guid.NewGuid().ToString());

    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return new(_rows.GetValueOrDefault(userId));
    }

    public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        new([.. userIds.Select(id => _rows.GetValueOrDefault(id))]);

    public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) => new(_rows.TryRemove(userId, out _));

    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CheckAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
