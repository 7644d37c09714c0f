using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Feedback.Applying;

/// <summary>Brings users' rows up to date: read, apply, infer, write under the row's version, and again where somebody else was faster.</summary>
internal sealed partial class UserUpdates(IUserStore users, UserVectorInference infer, ILogger logger)
{
    private const int MaxAttempts = 50;

    /// <summary>Applies the events of some of a batch's users, all of them when it returns.</summary>
    public async Task<(int Written, int Conflicts)> ApplyAsync(UserBatch batch, ReadOnlyMemory<int> which, CancellationToken cancellationToken)
    {
        var pending = which.ToArray();
        var (written, conflicts) = (0, 0);
        for (var attempt = 0; pending.Length > 0; attempt++)
        {
            if (attempt == MaxAttempts)
            {
                throw new UserStoreException($"{pending.Length} users' rows were changed by others in each of {MaxAttempts} attempts.");
            }

            var ids = pending.Length == batch.UserIds.Count ? batch.UserIds : [.. pending.Select(user => batch.UserIds[user])];
            var stored = await users.ReadManyAsync(ids, cancellationToken).ConfigureAwait(false);
            var (changed, writes) = Apply(batch, pending, stored);
            if (writes.Length == 0)
            {
                break;
            }

            InferVectors(writes, cancellationToken);
            var outcomes = await users.WriteManyAsync(writes, cancellationToken).ConfigureAwait(false);
            pending = [.. changed.Where((_, i) => !outcomes[i].Written)];
            written += changed.Count - pending.Length;
            conflicts += pending.Length;
        }

        return (written, conflicts);
    }

    private static (List<int> Changed, UserWrite[] Writes) Apply(UserBatch batch, int[] pending, IReadOnlyList<StoredUser?> stored)
    {
        var changed = new List<int>(pending.Length);
        var writes = new List<UserWrite>(pending.Length);
        for (var i = 0; i < pending.Length; i++)
        {
            var before = stored[i]?.State ?? HistoryUpdate.NewUser(batch.UserIds[pending[i]]);
            var after = HistoryUpdate.Apply(before, batch.EventsOf(pending[i]));
            if (!ReferenceEquals(before, after))
            {
                changed.Add(pending[i]);
                writes.Add(new UserWrite(after, stored[i]?.ETag));
            }
        }

        return (changed, [.. writes]);
    }

    private void InferVectors(UserWrite[] writes, CancellationToken cancellationToken)
    {
        InferredVectors? vectors;
        try
        {
            vectors = infer(Array.ConvertAll(writes, write => write.State.History), cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A state without a vector is right, only slower to read; a partition that stands still is not.
            LogInferenceFault(fault, writes.Length);
            return;
        }

        for (var i = 0; vectors is not null && i < writes.Length; i++)
        {
            writes[i] = writes[i] with { State = vectors.Put(writes[i].State, i) };
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The user tower failed; {Users} users were stored without a vector")]
    private partial void LogInferenceFault(Exception fault, int users);
}
