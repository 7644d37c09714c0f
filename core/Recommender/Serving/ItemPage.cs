using System.Globalization;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Live;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Recommender.Serving;

/// <summary>One page of items.</summary>
/// <param name="Items">The items.</param>
/// <param name="Cursor">Where the next page begins; empty after the last.</param>
public sealed record ItemPage(IReadOnlyList<Item> Items, string Cursor)
{
    // A cursor is the hash of the last item of its page: items are listed in the order of their hashes, which no release changes.
    internal static ItemPage Read(LoadedRelease release, string? cursor, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RecommendQuery.MaxCount);
        var items = release.Catalogue.Items;
        var order = release.Catalogue.ByHash;
        var start = string.IsNullOrEmpty(cursor) ? 0 : FirstBehind(order, items, Parse(cursor));
        var page = new Item[Math.Min(count, order.Length - start)];
        for (var i = 0; i < page.Length; i++)
        {
            page[i] = items.Read(order[start + i]).Item;
        }

        var end = start + page.Length;
        return new ItemPage(page, end < order.Length ? items.Hash(order[end - 1]).ToString("x16", CultureInfo.InvariantCulture) : "");
    }

    private static ulong Parse(string cursor) =>
        cursor.Length == 16 && ulong.TryParse(cursor, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
            ? hash
            : throw new FormatException("The cursor is not one that a list of items answered.");

    private static int FirstBehind(int[] order, LiveItems items, ulong hash)
    {
        var (low, high) = (0, order.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (items.Hash(order[middle]) <= hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
