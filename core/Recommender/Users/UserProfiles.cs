namespace ServerlessRec.Recommender.Users;

/// <summary>Changes what is told about users (labels, comment) and leaves their histories as they are. Thread-safe.</summary>
public static class UserProfiles
{
    private const int BatchSize = 500;

    /// <summary>Adds users or replaces what is told about them; when it returns they are durable. No user may stand twice.</summary>
    /// <exception cref="UserStoreException">The store is away; some may be written, and repeating the call is harmless.</exception>
    public static async Task PutAsync(IUserStore users, IReadOnlyList<User> profiles, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(profiles);
        foreach (var batch in profiles.Chunk(BatchSize))
        {
            IReadOnlyList<User> pending = batch;
            while (pending.Count > 0)
            {
                pending = await TryPutAsync(users, pending, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Applies <paramref name="change"/> to one user; false when there is none.</summary>
    /// <exception cref="UserStoreException">The store is away; repeating the call is harmless.</exception>
    public static async Task<bool> PatchAsync(IUserStore users, string userId, Func<User, User> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            if (await users.ReadAsync(userId, cancellationToken).ConfigureAwait(false) is not { State.IsDeleted: false } stored)
            {
                return false;
            }

            var write = new UserWrite(stored.State with { User = change(stored.State.User) }, stored.ETag);
            var outcomes = await users.WriteManyAsync([write], cancellationToken).ConfigureAwait(false);
            if (outcomes[0].Written)
            {
                return true;
            }
        }
    }

    // Answers those whose rows somebody else changed in between.
    private static async Task<IReadOnlyList<User>> TryPutAsync(IUserStore users, IReadOnlyList<User> profiles, CancellationToken cancellationToken)
    {
        var stored = await users.ReadManyAsync([.. profiles.Select(user => user.UserId)], cancellationToken).ConfigureAwait(false);
        var writes = profiles
            .Select((user, i) => new UserWrite((stored[i]?.State ?? HistoryUpdate.NewUser(user.UserId)) with { User = user, IsDeleted = false }, stored[i]?.ETag))
            .ToArray();
        var outcomes = await users.WriteManyAsync(writes, cancellationToken).ConfigureAwait(false);
        return [.. profiles.Where((_, i) => !outcomes[i].Written)];
    }
}
