using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Privacy;

/// <summary>Which archived feedback is of users who were deleted since. Asks the store once a user. One caller at a time.</summary>
public sealed class DeletedUsers(IUserStore users)
{
    private const int BatchUsers = 500;

    private readonly Dictionary<string, (bool IsDeleted, DateTimeOffset? DeletedAt)> _known = new(StringComparer.Ordinal);

    /// <summary>Whether an event that was accepted then may not be used any more. A user nobody knows is not deleted.</summary>
    public static bool Covers(UserState? state, DateTimeOffset acceptedAt) =>
        state is not null && (state.IsDeleted || acceptedAt <= state.DeletedAt);

    /// <summary>Asks for users that were not asked for yet.</summary>
    /// <exception cref="UserStoreException">The store is away.</exception>
    public async Task LearnAsync(IEnumerable<string> userIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        foreach (var batch in userIds.Where(id => !_known.ContainsKey(id)).Distinct(StringComparer.Ordinal).Chunk(BatchUsers))
        {
            var stored = await users.ReadManyAsync(batch, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++)
            {
                _known[batch[i]] = stored[i] is { } user ? (user.State.IsDeleted, user.State.DeletedAt) : default;
            }
        }
    }

    /// <summary>The same of a user who was asked for.</summary>
    public bool Covers(string userId, DateTimeOffset acceptedAt) =>
        _known.TryGetValue(userId, out var user) && (user.IsDeleted || acceptedAt <= user.DeletedAt);
}
