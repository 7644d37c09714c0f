using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Contracts.Feedback;

/// <summary>A user store whose calls meet the fates of whoever runs at the moment.</summary>
internal sealed class FatedUserStore(IUserStore store, AsyncLocal<Fates> fates) : IUserStore
{
    private FaultyUserStore Store => new(store, fates.Value!);

    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) => Store.ReadAsync(userId, cancellationToken);

    public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        Store.ReadManyAsync(userIds, cancellationToken);

    public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken) =>
        Store.WriteManyAsync(writes, cancellationToken);

    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CheckAsync(CancellationToken cancellationToken) => Store.CheckAsync(cancellationToken);
}
