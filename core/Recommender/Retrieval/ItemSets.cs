using System.Collections.Concurrent;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue.Live;
using ServerlessRec.Recommender.Filters;

namespace ServerlessRec.Recommender.Retrieval;

/// <summary>
/// Sets of a catalogue's ordinals that searches may or may not return: by category, by filter expression, hidden. Made once when first
/// wanted, kept, and brought up to date when items change. Thread-safe.
/// </summary>
public sealed class ItemSets
{
    private const long CacheBytes = 32 << 20;

    private readonly LiveItems _items;
    private readonly ConcurrentDictionary<string, AllowedSet> _allowed = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Exclusion> _exclusions = [];
    private readonly int _cacheCapacity;

    internal ItemSets(LiveItems items)
    {
        _items = items;
        _cacheCapacity = (int)Math.Clamp(CacheBytes / Math.Max(1, items.Table.Count / 8), 16, 1024);
    }

    /// <summary>
    /// The items that have every one of <paramref name="categories"/> and pass <paramref name="filter"/>; null when that is no restriction.
    /// </summary>
    /// <param name="categories">Names; one that no item has leaves nothing.</param>
    /// <param name="filter">An attribute filter, or null.</param>
    /// <param name="now">What "now" in a filter means; rounded down to the minute.</param>
    public OrdinalSet? Allowed(IReadOnlyList<string> categories, FilterExpression? filter, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(categories);
        if (categories.Count == 0 && filter is null)
        {
            return null;
        }

        var minute = now.ToUnixTimeSeconds() / 60;
        var key = Key(categories, filter, minute);
        if (!_allowed.TryGetValue(key, out var set))
        {
            if (_allowed.Count >= _cacheCapacity)
            {
                _allowed.Clear();
            }

            set = _allowed.GetOrAdd(key, new AllowedSet(_items, [.. categories], filter, DateTimeOffset.FromUnixTimeSeconds(minute * 60)));
        }

        return set.UpToDate();
    }

    /// <summary>A set to exclude by, which holds the hidden and deleted items already. Dispose it to give it back.</summary>
    public Exclusion RentExclusion()
    {
        var exclusion = _exclusions.TryTake(out var pooled) ? pooled : new Exclusion(this, _items);
        exclusion.Update();
        return exclusion;
    }

    internal void Return(Exclusion exclusion) => _exclusions.Add(exclusion);

    private static string Key(IReadOnlyList<string> categories, FilterExpression? filter, long minute)
    {
        if (categories.Count == 1 && filter is null)
        {
            return categories[0];
        }

        var sorted = categories.Distinct().Order(StringComparer.Ordinal);
        return $"{string.Join('\u0001', sorted)}\u0002{filter?.Text}\u0002{(filter?.DependsOnNow == true ? minute : 0)}";
    }
}
