namespace ServerlessRec.Recommender.Users;

/// <summary>Puts an imported history into a state beside the live feedback that is there already.</summary>
internal static class ImportMerge
{
    private const int ImportPartition = -1;

    /// <summary>The merged state; <paramref name="state"/> itself when it holds all of the import.</summary>
    public static UserState Merge(UserState state, ImportedUser imported)
    {
        var known = new HashSet<long>();
        foreach (var entry in state.History)
        {
            if (entry.Partition == ImportPartition)
            {
                known.Add(entry.Sequence);
            }
        }

        var added = new List<HistoryEntry>(imported.History.Count);
        var hashes = new HashSet<long>(imported.History.Count);
        foreach (var entry in imported.History)
        {
            var hash = ImportHash.Of(entry, 0);
            for (var occurrence = 1; !hashes.Add(hash); occurrence++)
            {
                hash = ImportHash.Of(entry, occurrence);
            }

            if (!known.Contains(hash))
            {
                added.Add(entry with { Partition = ImportPartition, Sequence = hash, Stamp = LogStamp.Unknown });
            }
        }

        return WithUser(WithEntries(state, [.. added]), imported.User);
    }

    private static UserState WithEntries(UserState state, HistoryEntry[] added)
    {
        if (added.Length == 0)
        {
            return state;
        }

        for (var i = 0; i < added.Length; i++)
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(added[i].Timestamp.ToUnixTimeMilliseconds());
            added[i] = added[i] with { Timestamp = time };
        }

        var history = HistoryMerge.Merge(state.History, added);
        var seen = SeenItems.With(state.SeenItems, added, history);

        // All that is new fell out again at once: it was imported before.
        return seen.Count == state.SeenItems.Count && history.AsSpan().SequenceEqual(state.History.ToArray())
            ? state
            : state with { History = history, SeenItems = seen, Vector = default, TowerVersion = null };
    }

    // Labels that clients set live are newer than the data set's.
    private static UserState WithUser(UserState state, User imported)
    {
        var user = state.User with
        {
            LabelsJson = state.User.LabelsJson ?? imported.LabelsJson,
            Comment = state.User.Comment.Length > 0 ? state.User.Comment : imported.Comment,
        };
        return user == state.User ? state : state with { User = user };
    }
}
