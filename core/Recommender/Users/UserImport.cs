namespace ServerlessRec.Recommender.Users;

/// <summary>
/// Fills a user store from imported histories. Running it again with the same data changes nothing; live feedback that is there already
/// stays, in its place by time. Deleted users stay deleted.
/// </summary>
public static class UserImport
{
    private const int BatchUsers = 500;

    /// <summary>Imports users, batch by batch; each user's row is written whole or not at all.</summary>
    /// <param name="users">Where to.</param>
    /// <param name="imported">Read once; no user may stand twice within 500 in a row.</param>
    /// <param name="cancellationToken">Stops between batches: what was written stays, and a new run completes it.</param>
    /// <returns>How many rows were written; users whose row held everything already are not among them.</returns>
    /// <exception cref="UserStoreException">The store is away.</exception>
    public static async Task<int> RunAsync(IUserStore users, IEnumerable<ImportedUser> imported, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(imported);
        var written = 0;
        foreach (var batch in imported.Chunk(BatchUsers))
        {
            written += await RunBatchAsync(users, batch, cancellationToken).ConfigureAwait(false);
        }

        return written;
    }

    private static async Task<int> RunBatchAsync(IUserStore users, ImportedUser[] batch, CancellationToken cancellationToken)
    {
        var written = 0;
        while (batch.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var stored = await users.ReadManyAsync([.. batch.Select(user => user.User.UserId)], cancellationToken).ConfigureAwait(false);
            var changed = new List<ImportedUser>(batch.Length);
            var writes = new List<UserWrite>(batch.Length);
            for (var i = 0; i < batch.Length; i++)
            {
                if (Changed(stored[i], batch[i]) is { } write)
                {
                    changed.Add(batch[i]);
                    writes.Add(write);
                }
            }

            if (writes.Count == 0)
            {
                return written;
            }

            var outcomes = await users.WriteManyAsync(writes, cancellationToken).ConfigureAwait(false);
            written += outcomes.Count(outcome => outcome.Written);

            // Rows that live feedback changed meanwhile are read and merged again.
            batch = [.. changed.Where((_, i) => !outcomes[i].Written)];
        }

        return written;
    }

    private static UserWrite? Changed(StoredUser? stored, ImportedUser imported)
    {
        if (stored is null)
        {
            return new UserWrite(ImportMerge.Merge(HistoryUpdate.NewUser(imported.User.UserId), imported), null);
        }

        var merged = stored.State.IsDeleted ? stored.State : ImportMerge.Merge(stored.State, imported);
        return ReferenceEquals(merged, stored.State) ? null : new UserWrite(merged, stored.ETag);
    }
}
