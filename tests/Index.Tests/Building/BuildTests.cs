using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Building;

public sealed class BuildTests
{
    private readonly VectorSet _vectors = VectorSet.Clustered(5000, 16, 1);

    [Fact]
    public void A_cancelled_build_stops()
    {
        using var source = new CancellationTokenSource();
        var reads = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => HnswIndex.Build(
            new HnswOptions { Dimensions = 16, Threads = 2 },
            _vectors.Count,
            (i, d) =>
            {
                if (Interlocked.Increment(ref reads) == 4000)
                    source.Cancel();
                _vectors.Read(i, d);
            },
            null,
            source.Token));
    }

    [Fact]
    public void Progress_reaches_the_count()
    {
        var progress = new Recorded();
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = 16, EfConstruction = 20, Threads = 2 }, _vectors.Count, _vectors.Read, progress, TestContext.Current.CancellationToken);
        Assert.Equal(_vectors.Count, progress.Values.Max());
        Assert.Contains(progress.Values, value => value < _vectors.Count);
    }

    [Fact]
    public void Threads_that_build_together_lose_no_node()
    {
        var vectors = VectorSet.Clustered(600, 8, 7);
        var results = new Neighbor[10];
        for (var build = 0; build < 40; build++)
        {
            using var index = HnswIndex.Build(
                new HnswOptions { Dimensions = 8, Metric = Metric.Cosine, Threads = 8 }, vectors.Count, vectors.Read, null, TestContext.Current.CancellationToken);
            var lost = Enumerable.Range(0, vectors.Count).Count(i =>
            {
                var count = index.Search(vectors[i], 512, results);
                return !results.Take(count).Any(result => result.Ordinal == i);
            });
            Assert.Equal(0, lost);
        }
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        void Build(HnswOptions options) => HnswIndex.Build(options, 1, (_, d) => d.Clear()).Dispose();
        Assert.Contains("Dimensions", Assert.Throws<ArgumentOutOfRangeException>(() => Build(new HnswOptions { Dimensions = 7 })).Message, StringComparison.Ordinal);
        Assert.Contains("Dimensions", Assert.Throws<ArgumentOutOfRangeException>(() => Build(new HnswOptions { Dimensions = 2049 })).Message, StringComparison.Ordinal);
        Assert.Contains("M must", Assert.Throws<ArgumentOutOfRangeException>(() => Build(new HnswOptions { Dimensions = 8, M = 3 })).Message, StringComparison.Ordinal);
        Assert.Contains("EfConstruction", Assert.Throws<ArgumentOutOfRangeException>(() => Build(new HnswOptions { Dimensions = 8, EfConstruction = 5 })).Message, StringComparison.Ordinal);
        Assert.Contains("Metric", Assert.Throws<ArgumentOutOfRangeException>(() => Build(new HnswOptions { Dimensions = 8, Metric = (Metric)9 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void A_vector_that_cannot_be_compared_is_named(float value)
    {
        var failure = Assert.Throws<ArgumentException>(() => HnswIndex.Build(
            new HnswOptions { Dimensions = 16, Threads = 2 }, 4000, (i, d) =>
            {
                _vectors.Read(i, d);
                if (i == 3217)
                    d[5] = value;
            }).Dispose());
        Assert.Contains("3217", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_beyond_half_precision_are_refused() => Assert.Contains(
        "RerankVectors.Float32",
        Assert.Throws<ArgumentException>(() => HnswIndex.Build(
            new HnswOptions { Dimensions = 8, Rerank = RerankVectors.Half, Metric = Metric.SquaredL2 }, 10, (i, d) => d.Fill(i * 10000)).Dispose()).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_failing_reader_ends_the_build_with_its_own_error() => Assert.Throws<InvalidDataException>(() => HnswIndex.Build(
        new HnswOptions { Dimensions = 16, Threads = 2 }, 4000, (i, _) => throw new InvalidDataException("row " + i)).Dispose());

    [Theory]
    [InlineData(8)]
    [InlineData(2048)]
    public void The_least_and_most_dimensions_work(int dimensions)
    {
        var vectors = VectorSet.Clustered(300, dimensions, 1);
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = dimensions, EfConstruction = 40 }, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
        Assert.True(Recall.At(5, index, vectors, VectorSet.Clustered(20, dimensions, 2), 60) >= 0.95);
    }

    private sealed class Recorded : IProgress<int>
    {
        public System.Collections.Concurrent.ConcurrentBag<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
