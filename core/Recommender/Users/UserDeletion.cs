namespace ServerlessRec.Recommender.Users;

/// <summary>
/// Forgets a user: labels, history, seen items, marks and vector. What stays is the time, so that feedback that was accepted before it
/// and is still on its way does not bring the user back.
/// </summary>
public static class UserDeletion
{
    /// <summary>Deletes; true when somebody was there.</summary>
    /// <param name="users">Where the row lies.</param>
    /// <param name="userId">Who.</param>
    /// <param name="now">The time up to which accepted feedback is dropped.</param>
    /// <param name="cancellationToken">Stops between calls of the store.</param>
    /// <exception cref="UserStoreException">The store is away; delete again.</exception>
    public static async Task<bool> RunAsync(IUserStore users, string userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        ArgumentException.ThrowIfNullOrEmpty(userId);
        var deleted = new UserState { User = new User(userId), DeletedAt = now, IsDeleted = true };
        while (true)
        {
            var stored = await users.ReadAsync(userId, cancellationToken).ConfigureAwait(false);
            var outcomes = await users.WriteManyAsync([new UserWrite(deleted, stored?.ETag)], cancellationToken).ConfigureAwait(false);
            if (outcomes[0].Written)
            {
                return stored is { State.IsDeleted: false };
            }
        }
    }
}
