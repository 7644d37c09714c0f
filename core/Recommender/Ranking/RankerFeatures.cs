using ServerlessRec.Index;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Ranking;

/// <summary>Turns a request and its candidates into the ranker's inputs. Training and serving use this one encoder. Thread-safe.</summary>
public static class RankerFeatures
{
    // A user's taste of long ago says little, and every candidate is compared with each entry.
    private const int RecentEntries = 50;

    /// <summary>Encodes the candidates of one request.</summary>
    /// <param name="items">The items that candidates and history speak of.</param>
    /// <param name="history">The user's, oldest first; may be empty.</param>
    /// <param name="now">When the list is asked for.</param>
    /// <param name="candidates">As the retrieval found them, best first.</param>
    /// <param name="scoreScale"><see cref="RankerSpec.ScoreScale"/>.</param>
    /// <param name="inputs">Overwritten.</param>
    public static void Encode(
        IRankedItems items,
        IReadOnlyList<HistoryEntry> history,
        DateTimeOffset now,
        ReadOnlySpan<Neighbor> candidates,
        double scoreScale,
        RankerInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Reset(candidates.Length);
        Span<UInt128> recent = stackalloc UInt128[RecentEntries];
        recent = recent[..Recent(items, history, recent)];
        var historyRow = RankerFields.Row(RankerFields.HistoryLength, RankerFields.HistoryBucket(Math.Min(history.Count, UserState.HistoryCapacity)));
        var hourRow = RankerFields.Row(RankerFields.HourSlot, RankerFields.HourBucket(now));
        var weekdayRow = RankerFields.Row(RankerFields.Weekday, (int)now.UtcDateTime.DayOfWeek);
        long? since = history.Count == 0 ? null : now.UtcTicks - history[^1].UtcTicks;
        var sinceRow = RankerFields.Row(RankerFields.SinceLast, RankerFields.SpanBucket(since));
        for (var rank = 0; rank < candidates.Length; rank++)
        {
            var item = items.Read(candidates[rank].Ordinal);
            var age = now.UtcTicks - item.TimestampTicks;
            var rows = inputs.FieldRows.Span.Slice(rank * RankerFields.Count, RankerFields.Count);
            rows[RankerFields.HistoryLength] = historyRow;
            rows[RankerFields.HourSlot] = hourRow;
            rows[RankerFields.Weekday] = weekdayRow;
            rows[RankerFields.SinceLast] = sinceRow;
            rows[RankerFields.Popularity] = RankerFields.Row(RankerFields.Popularity, RankerFields.PopularityBucket(item.PopularityShare));
            rows[RankerFields.Age] = RankerFields.Row(RankerFields.Age, RankerFields.SpanBucket(age));
            rows[RankerFields.Rank] = RankerFields.Row(RankerFields.Rank, RankerFields.RankBucket(rank));
            rows[RankerFields.LastCategory] = RankerFields.Row(RankerFields.LastCategory, recent.IsEmpty ? 0 : (recent[0] & item.Categories) == 0 ? 1 : 2);
            rows[RankerFields.HistoryCategory] = RankerFields.Row(RankerFields.HistoryCategory, RankerFields.ShareBucket(ShareOf(recent, item.Categories)));
            EncodeCategories(item.Categories, inputs, rank);
            inputs.ScoreSteps.Span[rank] = (float)((candidates[rank].Score - (double)candidates[0].Score) * scoreScale * RankerFields.ScoreStep);
        }
    }

    // Categories of the newest entries whose items are known, newest first.
    private static int Recent(IRankedItems items, IReadOnlyList<HistoryEntry> history, Span<UInt128> recent)
    {
        var found = 0;
        for (var i = history.Count - 1; i >= Math.Max(0, history.Count - RecentEntries); i--)
        {
            if (items.TryFind(history[i].ItemHash, out var ordinal))
            {
                recent[found++] = items.Read(ordinal).Categories;
            }
        }

        return found;
    }

    private static float? ShareOf(ReadOnlySpan<UInt128> recent, UInt128 categories)
    {
        var shared = 0;
        foreach (var entry in recent)
        {
            shared += (entry & categories) == 0 ? 0 : 1;
        }

        return recent.IsEmpty ? null : (float)shared / recent.Length;
    }

    private static void EncodeCategories(UInt128 categories, RankerInputs inputs, int candidate)
    {
        var rows = inputs.CategoryRows.Span.Slice(candidate * RankerFields.MaxCategories, RankerFields.MaxCategories);
        var weights = inputs.CategoryWeights.Span.Slice(candidate * RankerFields.MaxCategories, RankerFields.MaxCategories);
        rows.Clear();
        weights.Clear();
        var count = 0;
        for (var left = categories; left != 0 && count < rows.Length; left &= left - 1)
        {
            rows[count++] = RankerFields.CategoryRow((int)UInt128.TrailingZeroCount(left));
        }

        weights[..count].Fill(1f / Math.Max(1, count));
    }
}
