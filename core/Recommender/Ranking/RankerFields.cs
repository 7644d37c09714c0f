namespace ServerlessRec.Recommender.Ranking;

/// <summary>
/// The ranker's fields. All share one table of embeddings: a field's values are rows of it, row 0 is padding. What lies in an exported ranker is
/// addressed by these numbers: <see cref="RankerSpec.CurrentFormat"/> rises with any change.
/// </summary>
/// <remarks>
/// Ranker (ONNX), B candidates: `field_rows` int64 [B, <see cref="Count"/>], `category_rows` int64 [B, <see cref="MaxCategories"/>] and
/// `category_weights` float [B, <see cref="MaxCategories"/>] (padding 0 / 0; the weights of a row sum to 1 or 0), `score_steps` float [B, 1] (the retrieval
/// score's distance from the best candidate's, in logits, times <see cref="ScoreStep"/>; 0 for the best, otherwise negative) → `scores` float [B, 1], whose
/// differences are logits.
/// </remarks>
public static class RankerFields
{
    /// <summary>Fields of one value each.</summary>
    public const int Count = 9;

    /// <summary>Categories of an item that are read at most.</summary>
    public const int MaxCategories = 8;

    /// <summary>Makes distances of scores as small as other numbers; a power of two, so that the retrieval's order can be kept exactly.</summary>
    public const float ScoreStep = 0.25f;

    internal const int HistoryLength = 0, HourSlot = 1, Weekday = 2, SinceLast = 3, Popularity = 4, Age = 5, Rank = 6, LastCategory = 7, HistoryCategory = 8;

    private const int MostBits = 8, HoursInSlot = 3, MostPopularity = 15, MostRank = 15;

    private static readonly int[] Sizes = [MostBits + 1, 24 / HoursInSlot, 7, 11, MostPopularity + 1, 11, MostRank + 1, 3, 7];

    private static readonly int[] Starts = StartsOf(Sizes);

    private static readonly long[] Spans =
    [
        10 * TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour, 6 * TimeSpan.TicksPerHour, TimeSpan.TicksPerDay, 3 * TimeSpan.TicksPerDay, 7 * TimeSpan.TicksPerDay,
        30 * TimeSpan.TicksPerDay, 90 * TimeSpan.TicksPerDay, 365 * TimeSpan.TicksPerDay,
    ];

    /// <summary>The row of the retrieval score's embedding.</summary>
    public static int ScoreRow => Starts[Count] + CategoryHash.Count;

    /// <summary>Rows of the table.</summary>
    public static int Rows => ScoreRow + 1;

    internal static int CategoryRow(int hash) => Starts[Count] + hash;

    internal static int Row(int field, int value) => Starts[field] + value;

    /// <summary>Entries, by doublings.</summary>
    internal static int HistoryBucket(int entries) => Math.Min(MostBits, 32 - int.LeadingZeroCount(entries));

    internal static int HourBucket(DateTimeOffset now) => now.UtcDateTime.Hour / HoursInSlot;

    /// <summary>A span of time by its order of magnitude; null: 10. A negative one counts as none at all: clocks differ.</summary>
    internal static int SpanBucket(long? ticks)
    {
        if (ticks is not { } span)
        {
            return Spans.Length + 1;
        }

        var bucket = 0;
        while (bucket < Spans.Length && span >= Spans[bucket])
        {
            bucket++;
        }

        return bucket;
    }

    /// <summary>Halvings below the most popular item; 15: none is known of, or more.</summary>
    internal static int PopularityBucket(float share) => share > 0 ? (int)Math.Clamp(-MathF.Log2(share), 0, MostPopularity) : MostPopularity;

    /// <summary>Two buckets a doubling: 1, 2, 3, 4, 6, 8, 12, … candidates from the top.</summary>
    internal static int RankBucket(int rank) => Math.Min(MostRank, (int)(2 * MathF.Log2(rank + 1)));

    /// <summary>How large a share of entries is; null: there are none.</summary>
    internal static int ShareBucket(float? share) => share switch
    {
        null => 0,
        0 => 1,
        <= 0.1f => 2,
        <= 0.25f => 3,
        <= 0.5f => 4,
        <= 0.75f => 5,
        _ => 6,
    };

    private static int[] StartsOf(int[] sizes)
    {
        var starts = new int[sizes.Length + 1];
        starts[0] = 1;
        for (var field = 0; field < sizes.Length; field++)
        {
            starts[field + 1] = starts[field] + sizes[field];
        }

        return starts;
    }
}
