using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Searching;

/// <summary>
/// Floors against brute force. A correct graph reaches .99 here at ef 128; .97 leaves room for another order of insertion, and none for
/// a broken pruning, a lost level or a wrong sign, each of which costs tenths.
/// </summary>
public sealed class RecallTests
{
    [Theory]
    [InlineData(Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Float32, 64)]
    [InlineData(Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Half, 64)]
    [InlineData(Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Residual, 64)]
    [InlineData(Metric.InnerProduct, VectorCodes.Float32, RerankVectors.Float32, 64)]
    [InlineData(Metric.Cosine, VectorCodes.Int8, RerankVectors.Float32, 48)]
    [InlineData(Metric.Cosine, VectorCodes.Float32, RerankVectors.Float32, 48)]
    [InlineData(Metric.SquaredL2, VectorCodes.Int8, RerankVectors.Float32, 33)]
    [InlineData(Metric.SquaredL2, VectorCodes.Int8, RerankVectors.Residual, 33)]
    [InlineData(Metric.SquaredL2, VectorCodes.Float32, RerankVectors.Float32, 8)]
    [InlineData(Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Half, 129)]
    public void Search_finds_the_nearest_for_every_metric_and_code(Metric metric, VectorCodes codes, RerankVectors rerank, int dimensions)
    {
        var vectors = VectorSet.Clustered(6000, dimensions, 1);
        var queries = VectorSet.Clustered(100, dimensions, 2);
        var options = new HnswOptions { Dimensions = dimensions, Metric = metric, Codes = codes, Rerank = rerank, EfConstruction = 120 };
        using var index = HnswIndex.Build(options, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
        var recall = Recall.At(10, index, vectors, queries, 128);
        Assert.True(recall >= 0.97, $"recall@10 {recall}");
    }

    // Maximum inner product with a log-normal spread of norms (sigma 0.5: the largest are some six times the median).
    [Fact]
    public void Very_unequal_norms_keep_their_recall_under_the_inner_product()
    {
        var vectors = VectorSet.Clustered(6000, 64, 1, normSpread: 0.5);
        var queries = VectorSet.Clustered(100, 64, 2);
        using var index = HnswIndex.Build(new HnswOptions { Dimensions = 64 }, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
        var recall = Recall.At(10, index, vectors, queries, 128);
        Assert.True(recall >= 0.97, $"recall@10 {recall}");
    }

    [Fact]
    public void Scores_are_those_of_the_metric()
    {
        var vectors = VectorSet.Clustered(500, 20, 1);
        foreach (var metric in Enum.GetValues<Metric>())
        {
            using var index = HnswIndex.Build(
                new HnswOptions { Dimensions = 20, Metric = metric }, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
            var results = new Neighbor[10];
            Assert.Equal(10, index.Search(vectors[7], 64, results));
            foreach (var (ordinal, score) in results)
            {
                Assert.Equal(vectors.Score(metric, vectors[7], ordinal), score, 1e-3 * Math.Max(1, Math.Abs(score)));
                Assert.Equal(score, index.Score(vectors[7], ordinal));
            }
            Assert.Equal(results.OrderByDescending(r => r.Score).ThenBy(r => r.Ordinal), results);
        }
    }

    [Theory]
    [InlineData(RerankVectors.Float32, 0)]
    [InlineData(RerankVectors.Half, 0.005)]
    [InlineData(RerankVectors.Residual, 0.001)]
    public void Stored_vectors_come_back(RerankVectors rerank, double tolerance)
    {
        var vectors = VectorSet.Clustered(300, 21, 1);
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = 21, Rerank = rerank }, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
        var copy = new float[21];
        for (var i = 0; i < vectors.Count; i++)
        {
            index.CopyVector(i, copy);
            for (var d = 0; d < 21; d++)
                Assert.Equal(vectors[i][d], copy[d], tolerance);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    public void Small_indexes_return_everything(int count)
    {
        var vectors = VectorSet.Clustered(count, 16, 1);
        using var index = HnswIndex.Build(new HnswOptions { Dimensions = 16 }, count, vectors.Read, ct: TestContext.Current.CancellationToken);
        var results = new Neighbor[20];
        var query = VectorSet.Clustered(1, 16, 5)[0];
        Assert.Equal(count, index.Search(query, 10, results));
        Assert.Equal(vectors.Nearest(Metric.InnerProduct, query, 20), results.Take(count).Select(r => r.Ordinal));
    }

    [Fact]
    public void Equal_vectors_are_all_found()
    {
        var one = VectorSet.Clustered(1, 16, 1);
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = 16 }, 1000, (_, d) => one.Read(0, d), ct: TestContext.Current.CancellationToken);
        var results = new Neighbor[1000];
        Assert.Equal(1000, index.Search(one[0], 10, results));
        Assert.Equal(Enumerable.Range(0, 1000), results.Select(r => r.Ordinal));
    }

    [Fact]
    public void Zero_vectors_are_allowed_and_score_zero()
    {
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = 8, Metric = Metric.Cosine }, 3, (i, d) => d.Fill(i == 1 ? 0 : 1), ct: TestContext.Current.CancellationToken);
        var results = new Neighbor[3];
        Assert.Equal(3, index.Search([1, 1, 1, 1, 1, 1, 1, 1], 8, results));
        Assert.Equal(new Neighbor(1, 0), results[2]);
        Assert.Equal(3, index.Search(new float[8], 8, results));
    }

    [Fact]
    public void Wrong_queries_are_refused_with_the_reason()
    {
        var vectors = VectorSet.Clustered(10, 16, 1);
        using var index = HnswIndex.Build(new HnswOptions { Dimensions = 16 }, 10, vectors.Read, ct: TestContext.Current.CancellationToken);
        var results = new Neighbor[3];
        Assert.Contains("15 dimensions", Assert.Throws<ArgumentException>(() => index.Search(new float[15], 8, results)).Message, StringComparison.Ordinal);
        var bad = new float[16];
        bad[3] = float.NaN;
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => index.Search(bad, 8, results)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(vectors[0], 0, results));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Score(vectors[0], 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.CopyVector(-1, bad));
    }
}
