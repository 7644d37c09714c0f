using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Recommender.Users;

/// <summary>
/// Tells whether an event was applied to a state. Its place in the log is looked up among the marks and in the history itself: an event
/// that fell out of both is older than everything in a full history, where applying it again changes nothing. The event id is looked up
/// among the marks, that is among the user's last <see cref="UserState.AppliedCapacity"/> events.
/// </summary>
internal static class AppliedWindow
{
    public static bool Holds(UserState state, ReadOnlySpan<AppliedMark> fresh, in LoggedFeedback logged, ulong eventIdHash)
    {
        var mark = new AppliedMark(logged.Partition, logged.Sequence, eventIdHash, LogStamp.Of(logged.AcceptedAt));
        var applied = state.Applied as AppliedMark[] ?? [.. state.Applied];
        return IsAmong(applied, mark) || IsAmong(fresh, mark) || IsInHistory(state.History, mark);
    }

    public static AppliedMark[] With(IReadOnlyList<AppliedMark> applied, ReadOnlySpan<AppliedMark> fresh)
    {
        var newest = fresh[Math.Max(0, fresh.Length - UserState.AppliedCapacity)..];
        var kept = Math.Min(applied.Count, UserState.AppliedCapacity - newest.Length);
        var marks = new AppliedMark[kept + newest.Length];
        for (var i = 0; i < kept; i++)
        {
            marks[i] = applied[applied.Count - kept + i];
        }

        newest.CopyTo(marks.AsSpan(kept));
        return marks;
    }

    private static bool IsAmong(ReadOnlySpan<AppliedMark> marks, in AppliedMark sought)
    {
        foreach (ref readonly var mark in marks)
        {
            if ((mark.Sequence == sought.Sequence && mark.Partition == sought.Partition && LogStamp.Match(mark.Stamp, sought.Stamp))
                || (sought.EventIdHash != 0 && mark.EventIdHash == sought.EventIdHash))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsInHistory(IReadOnlyList<HistoryEntry> history, in AppliedMark sought)
    {
        var entries = history as HistoryEntry[] ?? [.. history];
        foreach (ref readonly var entry in entries.AsSpan())
        {
            if (entry.Sequence == sought.Sequence && entry.Partition == sought.Partition && LogStamp.Match(entry.Stamp, sought.Stamp))
            {
                return true;
            }
        }

        return false;
    }
}
