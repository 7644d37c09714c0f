using System.Runtime.InteropServices;
using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Rebuilding;

/// <summary>
/// Popularity with exponential decay: an event counts 1 when it happens and half of that a half-life later. What a release says is decayed to
/// now, newer events are added. Not thread-safe.
/// </summary>
/// <param name="since">When the popularities of the old release were right.</param>
/// <param name="now">When the new ones shall be.</param>
/// <param name="halfLife">Greater than zero.</param>
public sealed class PopularityDecay(DateTimeOffset since, DateTimeOffset now, TimeSpan halfLife)
{
    private readonly Dictionary<string, double> _added = new(StringComparer.Ordinal);
    private readonly double _kept = Weight(now - since, halfLife);

    /// <summary>When the new popularities are right.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Events counted.</summary>
    public int Events { get; private set; }

    /// <summary>Counts one event.</summary>
    public void Add(string itemId, DateTimeOffset at)
    {
        Events++;
        CollectionsMarshal.GetValueRefOrAddDefault(_added, itemId, out _) += Weight(now - at, halfLife);
    }

    /// <summary>The row with its popularity as of now.</summary>
    public CatalogueRow Apply(CatalogueRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row with { Popularity = (float)((row.Popularity * _kept) + _added.GetValueOrDefault(row.Item.ItemId)) };
    }

    private static double Weight(TimeSpan age, TimeSpan halfLife) => Math.Pow(.5, Math.Max(0, age / halfLife));
}
