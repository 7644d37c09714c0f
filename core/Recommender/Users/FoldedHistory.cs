using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Recommender.Users;

/// <summary>A history as a client of the API sees it: one feedback per type and item, repeats folded into it.</summary>
public static class FoldedHistory
{
    /// <summary>
    /// The user's feedback, newest first, at the same time by item id and type. A repeat adds its value to the earlier ones, one that overwrites replaces them; the time is that of
    /// the newest.
    /// </summary>
    /// <param name="state">The user's state.</param>
    /// <param name="feedbackType">Only this type; null: all.</param>
    public static IReadOnlyList<FeedbackEvent> Of(UserState state, string? feedbackType = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var folded = new Dictionary<(string Type, string Item), (double Value, HistoryEntry Newest)>();
        foreach (var entry in state.History)
        {
            if (feedbackType is not null && entry.FeedbackType != feedbackType)
            {
                continue;
            }

            var key = (entry.FeedbackType, entry.ItemId);
            var before = entry.Overwrite || !folded.TryGetValue(key, out var known) ? 0 : known.Value;
            folded[key] = (before + entry.Value, entry);
        }

        var newestFirst = folded.Values
            .OrderByDescending(one => one.Newest.Timestamp)
            .ThenBy(one => one.Newest.ItemId, StringComparer.Ordinal)
            .ThenBy(one => one.Newest.FeedbackType, StringComparer.Ordinal);
        return [.. newestFirst.Select(one => new FeedbackEvent
        {
            UserId = state.User.UserId,
            ItemId = one.Newest.ItemId,
            FeedbackType = one.Newest.FeedbackType,
            Value = one.Value,
            Timestamp = one.Newest.Timestamp,
        })];
    }
}
