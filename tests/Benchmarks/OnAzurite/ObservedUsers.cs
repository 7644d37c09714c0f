using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.OnAzurite;

/// <summary>Tells when the processor asks for a user, which is when it got the user's event, and when that user's row is written.</summary>
internal sealed class ObservedUsers(IUserStore users) : IUserStore
{
    public StageTimes Reads { get; } = new();

    public StageTimes Writes { get; } = new();

    /// <summary>Called with the users of a batch before they are read.</summary>
    public Action<IReadOnlyList<string>> Delivered { get; set; } = _ => { };

    /// <summary>Called with each user whose row was written.</summary>
    public Action<string> Applied { get; set; } = _ => { };

    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken) => users.ReadAsync(userId, cancellationToken);

    public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        Delivered(userIds);
        return Reads.OfAsync(userIds.Count, () => users.ReadManyAsync(userIds, cancellationToken));
    }

    public async ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken)
    {
        var outcomes = await Writes.OfAsync(writes.Count, () => users.WriteManyAsync(writes, cancellationToken));
        for (var i = 0; i < writes.Count; i++)
        {
            if (outcomes[i].Written)
            {
                Applied(writes[i].State.User.UserId);
            }
        }

        return outcomes;
    }

    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken) => users.DeleteAsync(userId, cancellationToken);

    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken) => users.ListAsync(cursor, count, cancellationToken);

    public ValueTask CheckAsync(CancellationToken cancellationToken) => users.CheckAsync(cancellationToken);
}
