using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Recommender.Users;

/// <summary>Applies logged feedback to a user's state. Pure: same state and events, same result.</summary>
/// <remarks>
/// Every event is applied once, however often and in whatever order the log delivers it (see <see cref="AppliedWindow"/>): history, seen
/// items and marks afterwards depend only on which events were applied. Events accepted before the user was deleted are dropped.
/// </remarks>
public static class HistoryUpdate
{
    /// <summary>A user nobody knew before.</summary>
    public static UserState NewUser(string userId) => new() { User = new User(userId) };

    /// <summary>
    /// The state with the events applied; <paramref name="state"/> itself when there was nothing to apply. A changed history has no user
    /// vector: the caller infers it.
    /// </summary>
    /// <param name="state">The user's state.</param>
    /// <param name="events">Events of this user, in the order they came.</param>
    public static UserState Apply(UserState state, ReadOnlySpan<LoggedFeedback> events)
    {
        ArgumentNullException.ThrowIfNull(state);
        var entries = new HistoryEntry[events.Length];
        var marks = new AppliedMark[events.Length];
        var count = 0;
        foreach (ref readonly var logged in events)
        {
            var eventIdHash = EventIdHash.Of(logged.Event.EventId);
            if (logged.AcceptedAt <= state.DeletedAt || AppliedWindow.Holds(state, marks.AsSpan(0, count), logged, eventIdHash))
            {
                continue;
            }

            marks[count] = new(logged.Partition, logged.Sequence, eventIdHash, LogStamp.Of(logged.AcceptedAt));
            entries[count++] = EntryOf(logged, TypeOf(logged, state.History));
        }

        if (count == 0)
        {
            return state;
        }

        var added = entries.AsSpan(0, count);
        var history = HistoryMerge.Merge(state.History, added);
        return state with
        {
            History = history,
            SeenItems = SeenItems.With(state.SeenItems, added, history),
            Applied = AppliedWindow.With(state.Applied, marks.AsSpan(0, count)),
            Vector = default,
            TowerVersion = null,
            IsDeleted = false,
        };
    }

    private static HistoryEntry EntryOf(in LoggedFeedback logged, string feedbackType) => new(
        logged.Event.ItemId,
        feedbackType,
        logged.Event.Value,
        DateTimeOffset.FromUnixTimeMilliseconds(logged.Event.Timestamp.ToUnixTimeMilliseconds()),
        logged.Partition,
        logged.Sequence,
        logged.Event.Overwrite,
        LogStamp.Of(logged.AcceptedAt));

    // A history repeats few types: its entries share one string, instead of keeping that of every event.
    private static string TypeOf(in LoggedFeedback logged, IReadOnlyList<HistoryEntry> history) =>
        history.Count > 0 && history[^1].FeedbackType == logged.Event.FeedbackType ? history[^1].FeedbackType : logged.Event.FeedbackType;
}
