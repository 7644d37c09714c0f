namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>Ordinals in the order of their hashes at one version of the catalogue.</summary>
internal sealed record HashOrder(int Version, int[] Ordinals)
{
    public static HashOrder Make(LiveItems items, int version)
    {
        var ordinals = new List<int>(items.Count);
        for (var ordinal = 0; ordinal < items.Count; ordinal++)
        {
            if (!items.IsDeleted(ordinal))
            {
                ordinals.Add(ordinal);
            }
        }

        var sorted = ordinals.ToArray();
        Array.Sort(Array.ConvertAll(sorted, items.Hash), sorted);
        return new HashOrder(version, sorted);
    }
}
