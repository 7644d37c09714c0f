namespace ServerlessRec.Recommender.Users;

/// <summary>Puts new entries into a history and keeps the newest <see cref="UserState.HistoryCapacity"/>.</summary>
internal static class HistoryMerge
{
    /// <param name="history">In <see cref="HistoryOrder"/>.</param>
    /// <param name="added">At least one; sorted here.</param>
    public static HistoryEntry[] Merge(IReadOnlyList<HistoryEntry> history, Span<HistoryEntry> added)
    {
        added.Sort(HistoryOrder.Instance);
        var merged = new HistoryEntry[Math.Min(history.Count + added.Length, UserState.HistoryCapacity)];
        var old = history.Count - 1;
        var fresh = added.Length - 1;

        // From the newest down, until the history is full or both are used up.
        for (var place = merged.Length - 1; place >= 0; place--)
        {
            if (fresh < 0)
            {
                CopyEnd(history, old, merged.AsSpan(0, place + 1));
                break;
            }

            var takesFresh = old < 0 || HistoryOrder.Instance.Compare(added[fresh], history[old]) >= 0;
            merged[place] = takesFresh ? added[fresh--] : history[old--];
        }

        return merged;
    }

    private static void CopyEnd(IReadOnlyList<HistoryEntry> history, int last, Span<HistoryEntry> destination)
    {
        var first = last + 1 - destination.Length;
        if (history is HistoryEntry[] array)
        {
            array.AsSpan(first, destination.Length).CopyTo(destination);
            return;
        }

        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = history[first + i];
        }
    }
}
