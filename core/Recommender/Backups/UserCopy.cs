using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Backups;

/// <summary>
/// Makes the users of one store those of another. A deleted user stands in no list, but the time of the deletion must come along, or late
/// feedback and the archive would bring the user back: such rows are asked for by the ids that archive and target know.
/// </summary>
internal sealed class UserCopy(IUserStore from, IUserStore to)
{
    private const int BatchUsers = 500;

    /// <summary>Rows that were written or removed.</summary>
    public async Task<int> RunAsync(IBlobStore archive, CancellationToken cancellationToken)
    {
        var changed = 0;
        var done = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var batch in ListAsync(from, cancellationToken).ConfigureAwait(false))
        {
            changed += await CopyAsync(batch, done, cancellationToken).ConfigureAwait(false);
        }

        var pending = new List<string>(BatchUsers);
        await foreach (var logged in new FeedbackArchiveReader(archive)
            .ReadAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            if (!done.Contains(logged.Event.UserId))
            {
                pending.Add(logged.Event.UserId);
                if (pending.Count == BatchUsers)
                {
                    changed += await CopyAsync(pending, done, cancellationToken).ConfigureAwait(false);
                    pending.Clear();
                }
            }
        }

        changed += await CopyAsync(pending, done, cancellationToken).ConfigureAwait(false);
        await foreach (var batch in ListAsync(to, cancellationToken).ConfigureAwait(false))
        {
            changed += await CopyAsync(batch, done, cancellationToken).ConfigureAwait(false);
        }

        return changed;
    }

    private static async IAsyncEnumerable<List<string>> ListAsync(
        IUserStore users, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await users.ListAsync(cursor, BatchUsers, cancellationToken).ConfigureAwait(false);
            yield return [.. page.Users.Select(user => user.UserId)];
            cursor = page.Cursor;
        }
        while (!string.IsNullOrEmpty(cursor));
    }

    private async Task<int> CopyAsync(List<string> userIds, HashSet<string> done, CancellationToken cancellationToken)
    {
        var ids = userIds.Where(done.Add).ToList();
        if (ids.Count == 0)
        {
            return 0;
        }

        var source = await from.ReadManyAsync(ids, cancellationToken).ConfigureAwait(false);
        var target = await to.ReadManyAsync(ids, cancellationToken).ConfigureAwait(false);
        var (writes, removed) = (new List<UserWrite>(ids.Count), 0);
        for (var i = 0; i < ids.Count; i++)
        {
            if (source[i] is { } user)
            {
                writes.Add(new UserWrite(user.State, target[i]?.ETag));
            }
            else if (target[i] is not null && await to.DeleteAsync(ids[i], cancellationToken).ConfigureAwait(false))
            {
                removed++;
            }
        }

        var outcomes = await to.WriteManyAsync(writes, cancellationToken).ConfigureAwait(false);
        return outcomes.All(outcome => outcome.Written)
            ? writes.Count + removed
            : throw new UserStoreException("Somebody writes to the store that is copied to: stop its servers and run the copy again.");
    }
}
