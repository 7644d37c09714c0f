namespace ServerlessRec.Recommender.Users;

/// <summary>Port: one row a user, read and conditionally written as a whole.</summary>
/// <remarks>Safe for any number of concurrent callers, in this process and in others. A write that returned is durable. Every method
/// throws <see cref="UserStoreException"/> when the store is away; a write that threw may or may not have happened.</remarks>
public interface IUserStore
{
    /// <summary>One user's state and ETag; null when unknown. The hot path: one point read.</summary>
    ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken);

    /// <summary>As many answers as ids, in their order; null where unknown.</summary>
    ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>
    /// Writes rows, each under its own condition; one outcome per write, in their order. A conflict leaves that row as it was and
    /// says nothing about the others. No user may stand twice in one call.
    /// </summary>
    ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken);

    /// <summary>Removes a user's row; false when there was none.</summary>
    ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken);

    /// <summary>
    /// Users in a stable order of the store's own, at most <paramref name="count"/>, from behind <paramref name="cursor"/> (null or empty: the first).
    /// </summary>
    /// <exception cref="FormatException">The cursor is not one of this store's.</exception>
    ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken);

    /// <summary>Answers when the store does; throws <see cref="UserStoreException"/> otherwise.</summary>
    ValueTask CheckAsync(CancellationToken cancellationToken);
}

/// <summary>A state and the ETag it was read at.</summary>
public sealed record StoredUser(UserState State, string ETag);

/// <summary>A conditional write.</summary>
/// <param name="State">The whole new row; its key is the user's id.</param>
/// <param name="ExpectedETag">Written only over this version; null: only when there is no row.</param>
public sealed record UserWrite(UserState State, string? ExpectedETag);

/// <summary>What became of one write.</summary>
/// <param name="Written">False: the row had changed; read it again and re-apply.</param>
/// <param name="ETag">The new ETag when written.</param>
public readonly record struct UserWriteOutcome(bool Written, string? ETag);

/// <summary>One page of users.</summary>
/// <param name="Users">The users.</param>
/// <param name="Cursor">Where the next page begins; empty after the last.</param>
public sealed record UserPage(IReadOnlyList<User> Users, string Cursor);

/// <summary>The user store is away, refused the call or answered wrongly.</summary>
public sealed class UserStoreException(string message, Exception? inner = null) : Exception(message, inner);
