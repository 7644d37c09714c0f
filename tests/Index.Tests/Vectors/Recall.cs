namespace ServerlessRec.Index.Tests.Vectors;

/// <summary>The share of the exact k nearest that a search returns.</summary>
internal static class Recall
{
    public static double At(int k, HnswIndex index, VectorSet vectors, VectorSet queries, int ef, OrdinalSet? allowed = null, OrdinalSet? excluded = null)
    {
        var found = 0;
        var results = new Neighbor[k];
        var possible = 0;
        for (var q = 0; q < queries.Count; q++)
        {
            var exact = vectors.Nearest(
                index.Metric, queries[q], k, i => (allowed is null || allowed.Contains(i)) && (excluded is null || !excluded.Contains(i)));
            var count = index.Search(queries[q], ef, results, new SearchFilter { Allowed = allowed, Excluded = excluded });
            found += results.Take(count).Count(r => exact.Contains(r.Ordinal));
            possible += exact.Length;
        }
        return (double)found / possible;
    }
}
