namespace ServerlessRec.Index.Tests.Overlay;

public sealed class OverlayTests
{
    public static TheoryData<Metric, VectorCodes, RerankVectors, int> Kinds => new()
    {
        { Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Float32, 2000 },
        { Metric.Cosine, VectorCodes.Int8, RerankVectors.Half, 2000 },
        { Metric.SquaredL2, VectorCodes.Int8, RerankVectors.Residual, 2000 },
        { Metric.InnerProduct, VectorCodes.Float32, RerankVectors.Float32, 2000 },
        { Metric.SquaredL2, VectorCodes.Float32, RerankVectors.Float32, 2000 },
        { Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Half, 0 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Changes_are_searched_with_the_base_as_one(Metric metric, VectorCodes codes, RerankVectors rerank, int count)
    {
        using var changed = new ChangedIndex(metric, codes, rerank, count);
        changed.Change(1500);
        changed.RequireRecall(0.97);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_merge_is_searched_as_the_overlay_was(Metric metric, VectorCodes codes, RerankVectors rerank, int count)
    {
        using var changed = new ChangedIndex(metric, codes, rerank, count);
        changed.Change(600);
        var merge = changed.Overlay.Merge(ct: TestContext.Current.CancellationToken);
        using var index = merge.Index;
        Assert.Equal(changed.Overlay.LiveCount, index.Count);
        Assert.Equal(changed.Live.Keys.Order(), merge.OverlayOrdinals.ToArray());
        var (expected, actual) = (new float[24], new float[24]);
        for (var i = 0; i < index.Count; i++)
        {
            changed.Overlay.CopyVector(merge.OverlayOrdinals.Span[i], expected);
            index.CopyVector(i, actual);
            for (var d = 0; d < 24; d++)
                Assert.Equal(expected[d], actual[d], 0.005 * Math.Max(1, Math.Abs(expected[d])));
        }
        var results = new Neighbor[10];
        var found = 0;
        for (var q = 0; q < changed.Queries.Count; q++)
        {
            var exact = changed.Exact(changed.Queries[q], 10);
            Assert.Equal(10, index.Search(changed.Queries[q], 96, results));
            found += results.Count(r => exact.Contains(merge.OverlayOrdinals.Span[r.Ordinal]));
        }
        Assert.True(found >= 0.97 * 10 * changed.Queries.Count, $"found {found}");
    }

    [Fact]
    public void Removed_vectors_are_gone_and_updated_ones_come_back()
    {
        using var changed = new ChangedIndex(Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Float32, 500);
        var overlay = changed.Overlay;
        var vector = changed.Queries[0].ToArray();
        Assert.True(overlay.Remove(7));
        Assert.False(overlay.Remove(7));
        Assert.False(overlay.Contains(7));
        Assert.Equal(499, overlay.LiveCount);
        overlay.Update(7, vector);
        Assert.True(overlay.Contains(7));
        var added = overlay.Add(vector);
        Assert.Equal(500, added);
        Assert.Equal(501, overlay.LiveCount);
        var results = new Neighbor[501];
        Assert.Equal(501, overlay.Search(vector, 10, results));
        Assert.Equal(Enumerable.Range(0, 501), results.Select(r => r.Ordinal).Order());
        Assert.Equal(overlay.Score(vector, 7), overlay.Score(vector, added));
        var copy = new float[24];
        overlay.CopyVector(added, copy);
        Assert.Equal(vector, copy);
        Assert.Throws<ArgumentOutOfRangeException>(() => overlay.Remove(501));
        Assert.Throws<ArgumentOutOfRangeException>(() => overlay.Update(-1, vector));
        Assert.Throws<ArgumentException>(() => overlay.Add(new float[3]));
        Assert.Equal(501, overlay.Count);
    }

    [Fact]
    public void Filters_hold_over_the_overlay()
    {
        using var changed = new ChangedIndex(Metric.Cosine, VectorCodes.Int8, RerankVectors.Half, 2000);
        changed.Change(1000);
        var random = new Random(3);
        for (var round = 0; round < 60; round++)
        {
            var allowed = new OrdinalSet(changed.Overlay.Count);
            var share = Math.Pow(random.NextDouble(), 3);
            for (var i = 0; i < allowed.Capacity; i++)
            {
                if (random.NextDouble() < share)
                    allowed.Add(i);
            }
            var matching = changed.Live.Keys.Count(allowed.Contains);
            var results = new Neighbor[random.Next(1, 50)];
            var count = changed.Overlay.Search(changed.Queries[round % 50], 40, results, new SearchFilter { Allowed = allowed });
            Assert.Equal(Math.Min(results.Length, matching), count);
            Assert.All(results.Take(count), r => Assert.True(allowed.Contains(r.Ordinal) && changed.Live.ContainsKey(r.Ordinal)));
        }
    }

    [Fact]
    public void A_search_over_changes_allocates_nothing()
    {
        using var changed = new ChangedIndex(Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Float32, 2000);
        changed.Change(200);
        var results = new Neighbor[10];
        void Run()
        {
            for (var q = 0; q < 50; q++)
                changed.Overlay.Search(changed.Queries[q], 50, results);
        }

        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
