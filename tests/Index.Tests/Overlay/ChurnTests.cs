using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Overlay;

public sealed class ChurnTests
{
    private const int Count = 3000;
    private const int Dimensions = 24;

    /// <summary>Twenty rounds in which 5 % of the items are replaced: as good as a fresh build of the same vectors, and no larger.</summary>
    [Theory]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.InnerProduct)]
    public void Twenty_rounds_of_churn_and_merge_stay_near_a_fresh_build(Metric metric)
    {
        var pool = VectorSet.Clustered(Count * 2, Dimensions, 5, normSpread: 0.1);
        var queries = VectorSet.Clustered(100, Dimensions, 6);
        var options = new HnswOptions { Dimensions = Dimensions, Metric = metric, EfConstruction = 80, Rerank = RerankVectors.Half };
        var content = Enumerable.Range(0, Count).ToList();
        var index = HnswIndex.Build(options, Count, (i, d) => pool.Read(i, d), ct: TestContext.Current.CancellationToken);
        var next = Count;
        var random = new Random(9);
        for (var round = 0; round < 20; round++)
        {
            using var overlay = new HnswOverlay(index);
            for (var i = 0; i < Count / 20; i++)
            {
                var ordinal = random.Next(Count);
                if (!overlay.Remove(ordinal))
                    continue;
                content.Add(next);
                content[ordinal] = -1;
                overlay.Add(pool[next++ % pool.Count]);
            }
            var merge = overlay.Merge(ct: TestContext.Current.CancellationToken);
            content = [.. content.Where(c => c >= 0)];
            index.Dispose();
            index = merge.Index;
            Assert.Equal(content.Count, index.Count);
        }
        using (index)
        {
            using var fresh = HnswIndex.Build(
                options, content.Count, (i, d) => pool.Read(content[i] % pool.Count, d), ct: TestContext.Current.CancellationToken);
            var (churned, rebuilt) = (RecallAt10(index), RecallAt10(fresh));
            Assert.True(churned >= rebuilt - 0.01, $"recall {churned} after churn, {rebuilt} fresh");
            Assert.True(index.SnapshotBytes <= 1.05 * fresh.SnapshotBytes, $"{index.SnapshotBytes} bytes after churn, {fresh.SnapshotBytes} fresh");
        }

        double RecallAt10(HnswIndex tested)
        {
            var results = new Neighbor[10];
            var found = 0;
            for (var q = 0; q < queries.Count; q++)
            {
                var query = queries[q].ToArray();
                var exact = Enumerable.Range(0, content.Count)
                    .OrderByDescending(i => ExactScore.Of(metric, query, pool[content[i] % pool.Count])).Take(10).ToHashSet();
                tested.Search(query, 24, results);
                found += results.Count(r => exact.Contains(r.Ordinal));
            }
            return found / (10.0 * queries.Count);
        }
    }
}
