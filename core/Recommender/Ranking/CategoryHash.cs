using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Ranking;

/// <summary>Categories by hash: 128 of them, so that an item's categories are the bits of one number and any category has a place. Never change it.</summary>
public static class CategoryHash
{
    /// <summary>Hashes there are.</summary>
    public const int Count = 128;

    /// <summary>The hash of a category's name, 0–127.</summary>
    public static int Of(string category) => (int)(ItemHash.Of(category) % Count);

    /// <summary>A bit for the hash of each category.</summary>
    public static UInt128 Mask(IReadOnlyList<string> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        var mask = UInt128.Zero;
        for (var i = 0; i < categories.Count; i++)
        {
            mask |= UInt128.One << Of(categories[i]);
        }

        return mask;
    }
}
