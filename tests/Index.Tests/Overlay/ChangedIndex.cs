using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Overlay;

/// <summary>A base, an overlay with seeded changes, and a dictionary that knows what should be there.</summary>
internal sealed class ChangedIndex : IDisposable
{
    private const int Dimensions = 24;

    private readonly HnswIndex _base;
    private readonly Random _random = new(11);
    private readonly VectorSet _pool = VectorSet.Clustered(4000, Dimensions, 21);

    public ChangedIndex(Metric metric, VectorCodes codes, RerankVectors rerank, int count)
    {
        var vectors = VectorSet.Clustered(count, Dimensions, 20);
        _base = HnswIndex.Build(
            new HnswOptions { Dimensions = Dimensions, Metric = metric, Codes = codes, Rerank = rerank, EfConstruction = 80 }, count, vectors.Read);
        Overlay = new HnswOverlay(_base);
        for (var i = 0; i < count; i++)
            Live[i] = vectors[i].ToArray();
    }

    public HnswOverlay Overlay { get; }

    public Dictionary<int, float[]> Live { get; } = [];

    public VectorSet Queries { get; } = VectorSet.Clustered(60, Dimensions, 22);

    public void Change(int changes)
    {
        for (var i = 0; i < changes; i++)
        {
            var vector = _pool[_random.Next(_pool.Count)].ToArray();
            var ordinal = Overlay.Count == 0 ? -1 : _random.Next(Overlay.Count);
            var kind = ordinal < 0 ? 0 : _random.Next(3);
            if (kind == 0)
                Live[Overlay.Add(vector)] = vector;
            else if (kind == 1)
            {
                Overlay.Update(ordinal, vector);
                Live[ordinal] = vector;
            }
            else
                Assert.Equal(Live.Remove(ordinal), Overlay.Remove(ordinal));
        }
        Assert.Equal(Live.Count, Overlay.LiveCount);
    }

    public int[] Exact(ReadOnlySpan<float> query, int k)
    {
        var scored = new List<(double, int)>();
        foreach (var (ordinal, vector) in Live)
            scored.Add((-ExactScore.Of(_base.Metric, query, vector), ordinal));
        scored.Sort();
        return [.. scored.Take(k).Select(s => s.Item2)];
    }

    public void RequireRecall(double floor)
    {
        var results = new Neighbor[10];
        var found = 0;
        for (var q = 0; q < Queries.Count; q++)
        {
            var exact = Exact(Queries[q], 10);
            Assert.Equal(10, Overlay.Search(Queries[q], 96, results));
            Assert.All(results, r => Assert.True(Live.ContainsKey(r.Ordinal)));
            found += results.Count(r => exact.Contains(r.Ordinal));
        }
        Assert.True(found >= floor * 10 * Queries.Count, $"found {found} of {10 * Queries.Count}");
    }

    public void Dispose()
    {
        Overlay.Dispose();
        _base.Dispose();
    }
}
