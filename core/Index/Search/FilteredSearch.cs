namespace ServerlessRec.Index.Search;

/// <summary>How a search is answered when only some nodes match: by a walk that goes on until enough match, or by a scan of the matches.</summary>
internal static class FilteredSearch
{
    /// <summary>Above so many results a sorted pool costs more than scoring everything.</summary>
    public const int LargestPool = 4096;

    // Under a filter the last matches come from further away than the last of ef candidates, where links are fewer. Walks over 200,000
    // vectors of unequal norms with ef 69 found .91 of the ten nearest at 20 % with 2.5 and .95 with 5; 7 found .955 and took nearly twice as long.
    private const double LeastPoolPerMatch = 2.5;
    private const double MostPoolPerMatch = 5;

    // What a walk spends on each candidate it keeps, in codes that a scan scores in that time; measured with 64 dimensions.
    private const double ScannedPerCandidate = 60;

    /// <summary>How far a filtered walk looks beyond the last wanted match: as far as ef lets an unfiltered one look beyond its last result.</summary>
    public static double PoolPerMatch(int ef, int wanted) => Math.Clamp((double)ef / wanted, LeastPoolPerMatch, MostPoolPerMatch);

    /// <summary>Whether a walk for so many matches is cheaper than scoring every match.</summary>
    public static bool Walks(int nodes, int matches, int wanted, int ef) =>
        wanted <= LargestPool
        && ScannedPerCandidate * Math.Max(ef, PoolPerMatch(ef, wanted) * wanted * nodes / matches) < matches + (nodes / 64.0);
}
