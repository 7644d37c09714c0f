namespace ServerlessRec.Recommender.Users;

/// <summary>Adds items to <see cref="UserState.SeenItems"/>; an item that is there stays where it is.</summary>
internal static class SeenItems
{
    /// <param name="seen">What the user had seen, none twice.</param>
    /// <param name="added">Entries whose items are added, oldest first.</param>
    /// <param name="history">The history with those entries; its items never fall out.</param>
    public static IReadOnlyList<ulong> With(
        IReadOnlyList<ulong> seen, ReadOnlySpan<HistoryEntry> added, IReadOnlyList<HistoryEntry> history)
    {
        var array = seen as ulong[] ?? [.. seen];
        Span<ulong> fresh = added.Length <= 64 ? stackalloc ulong[added.Length] : new ulong[added.Length];
        var count = 0;
        foreach (ref readonly var entry in added)
        {
            var hash = entry.ItemHash;
            if (!array.AsSpan().Contains(hash) && !fresh[..count].Contains(hash))
            {
                fresh[count++] = hash;
            }
        }

        if (count == 0)
        {
            return seen;
        }

        ulong[] all = [.. array, .. fresh[..count]];
        return all.Length <= UserState.SeenCapacity ? all : Trim(all, history);
    }

    private static ulong[] Trim(ulong[] all, IReadOnlyList<HistoryEntry> history)
    {
        var kept = new HashSet<ulong>(history.Count);
        foreach (var entry in history)
        {
            kept.Add(entry.ItemHash);
        }

        var excess = all.Length - UserState.SeenCapacity;
        return [.. all.Where(hash => kept.Contains(hash) || --excess < 0)];
    }
}
