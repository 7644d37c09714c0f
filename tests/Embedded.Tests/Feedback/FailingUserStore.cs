using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Embedded.Tests.Feedback;

/// <summary>A user store that may fail before each batch.</summary>
internal sealed class FailingUserStore(IUserStore store, Func<int> beforeBatch) : IUserStore
{
    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) => store.ReadAsync(userId, cancellationToken);

    public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        beforeBatch();
        return store.ReadManyAsync(userIds, cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(
        IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken) => store.WriteManyAsync(writes, cancellationToken);

    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) => store.DeleteAsync(userId, cancellationToken);

    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) =>
        store.ListAsync(cursor, count, cancellationToken);

    public ValueTask CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);
}
