namespace ServerlessRec.Recommender.Users;

/// <summary>
/// Remembers the rows that this process wrote last, so that the next event of the same user costs one request instead of two. For whoever
/// reads many to write them conditionally: a remembered row may be out of date, then its write is refused, and it is read anew. Single reads
/// always ask the store. Thread-safe.
/// </summary>
/// <param name="users">The store.</param>
/// <param name="maxBytes">What remembered states may take, roughly.</param>
public sealed class RecentUsers(IUserStore users, long maxBytes = RecentUsers.DefaultMaxBytes) : IUserStore
{
    /// <summary>About 10,000 users with 20 entries each, or 1,000 with full histories.</summary>
    public const long DefaultMaxBytes = 32L << 20;

    private readonly Lock _lock = new();

    // What was not used while one generation filled up is forgotten with the next.
    private Dictionary<string, StoredUser> _young = new(StringComparer.Ordinal);
    private Dictionary<string, StoredUser> _old = [];
    private long _youngBytes;

    /// <inheritdoc/>
    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) => users.ReadAsync(userId, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        var read = new StoredUser?[userIds.Count];
        var unknown = new List<int>();
        lock (_lock)
        {
            for (var i = 0; i < read.Length; i++)
            {
                if (!TryRecall(userIds[i], out read[i]))
                {
                    unknown.Add(i);
                }
            }
        }

        if (unknown.Count > 0)
        {
            var stored = await users.ReadManyAsync([.. unknown.Select(i => userIds[i])], cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < unknown.Count; i++)
            {
                read[unknown[i]] = stored[i];
            }
        }

        return read;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);

        // Before the call: one that fails may have written all the same.
        lock (_lock)
        {
            foreach (var write in writes)
            {
                Forget(write.State.User.UserId);
            }
        }

        var outcomes = await users.WriteManyAsync(writes, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            for (var i = 0; i < writes.Count; i++)
            {
                if (outcomes[i] is { Written: true, ETag: { } etag })
                {
                    Remember(new StoredUser(writes[i].State, etag));
                }
            }
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Forget(userId);
        }

        return users.DeleteAsync(userId, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) => users.ListAsync(cursor, count, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken) => users.CheckAsync(cancellationToken);

    private static long BytesOf(UserState state) =>
        512 + (state.History.Count * 128L) + (state.Applied.Count * 24L) + (state.SeenItems.Count * 8L) + (state.Vector.Length * 4L);

    private bool TryRecall(string userId, out StoredUser? user)
    {
        if (_young.TryGetValue(userId, out user))
        {
            return true;
        }

        if (_old.Remove(userId, out user))
        {
            Remember(user);
            return true;
        }

        return false;
    }

    private void Remember(StoredUser user)
    {
        if (_youngBytes >= maxBytes / 2)
        {
            (_old, _young, _youngBytes) = (_young, new Dictionary<string, StoredUser>(StringComparer.Ordinal), 0);
        }

        Forget(user.State.User.UserId);
        _young[user.State.User.UserId] = user;
        _youngBytes += BytesOf(user.State);
    }

    private void Forget(string userId)
    {
        if (_young.Remove(userId, out var young))
        {
            _youngBytes -= BytesOf(young.State);
        }

        _old.Remove(userId);
    }
}
