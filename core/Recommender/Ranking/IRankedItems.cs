using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Ranking;

/// <summary>The items that candidates and histories speak of: a release's when serving, a data set's when training. Thread-safe.</summary>
public interface IRankedItems
{
    /// <summary>What the ranker reads of an item.</summary>
    RankedItem Read(int ordinal);

    /// <summary>The ordinal of an item by <see cref="ItemHash"/>; false when it is unknown.</summary>
    bool TryFind(ulong itemHash, out int ordinal);
}

/// <summary>What the ranker reads of an item.</summary>
/// <param name="PopularityShare">
/// Popularity / the greatest popularity of the release, 0–1 and more: a share, because rebuilds let popularity decay faster than trainings do.
/// </param>
/// <param name="TimestampTicks">UTC ticks of its timestamp; null: none.</param>
/// <param name="Categories">A bit for the <see cref="CategoryHash"/> of each category.</param>
public readonly record struct RankedItem(float PopularityShare, long? TimestampTicks, UInt128 Categories)
{
    /// <summary>A row of a catalogue whose most popular item has <paramref name="greatestPopularity"/>.</summary>
    public static RankedItem Of(CatalogueRow row, float greatestPopularity)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new(Share(row.Popularity, greatestPopularity), row.Item.Timestamp?.UtcTicks, CategoryHash.Mask(row.Item.Categories));
    }

    internal static float Share(float popularity, float greatest) => greatest > 0 ? popularity / greatest : 0;
}
