using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Contracts.Feedback;

/// <summary>A user store whose calls meet their fates. A process that wants to write a history with <see cref="KillerItem"/> in it dies.</summary>
internal sealed class FaultyUserStore(IUserStore store, Fates fates) : IUserStore
{
    public const string KillerItem = "killer";

    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) =>
        fates.Call(() => store.ReadAsync(userId, cancellationToken), Fault);

    public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        fates.Call(() => store.ReadManyAsync(userIds, cancellationToken), Fault);

    public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(
        IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken) =>
        writes.Any(write => write.State.History.Any(entry => entry.ItemId == KillerItem))
            ? throw fates.Die()
            : fates.Call(
                () => store.WriteManyAsync(writes, cancellationToken),
                Fault,
                async () => await store.WriteManyAsync([.. writes.Where((_, i) => i % 2 == 0)], cancellationToken));

    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async ValueTask CheckAsync(CancellationToken cancellationToken) => await fates.Call(
        async () =>
        {
            await store.CheckAsync(cancellationToken);
            return true;
        },
        Fault);

    private static UserStoreException Fault(string what) => new(what);
}
