using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Snapshots;

public sealed class SnapshotTests
{
    [Theory]
    [InlineData(VectorCodes.Int8, RerankVectors.Float32, Metric.InnerProduct)]
    [InlineData(VectorCodes.Int8, RerankVectors.Half, Metric.Cosine)]
    [InlineData(VectorCodes.Int8, RerankVectors.Residual, Metric.SquaredL2)]
    [InlineData(VectorCodes.Float32, RerankVectors.Float32, Metric.SquaredL2)]
    public async Task Saved_mapped_and_loaded_indexes_answer_as_the_built_one(VectorCodes codes, RerankVectors rerank, Metric metric)
    {
        var vectors = VectorSet.Clustered(2000, 24, 1);
        var options = new HnswOptions { Dimensions = 24, Metric = metric, Codes = codes, Rerank = rerank, EfConstruction = 60 };
        using var built = HnswIndex.Build(options, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
        var bytes = SnapshotBytes.Of(built);
        Assert.Equal(built.SnapshotBytes, bytes.Length);
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
            using var mapped = HnswIndex.OpenMapped(path);
            using var loaded = await SnapshotBytes.LoadAsync(bytes);
            Assert.Equal(bytes, SnapshotBytes.Of(mapped));
            Assert.Equal(bytes, SnapshotBytes.Of(loaded));
            for (var q = 0; q < 50; q++)
            {
                var expected = Answer(built, vectors[q]);
                Assert.Equal(expected, Answer(mapped, vectors[q]));
                Assert.Equal(expected, Answer(loaded, vectors[q]));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void One_thread_and_one_seed_give_the_same_bytes()
    {
        var vectors = VectorSet.Clustered(2000, 24, 1);
        byte[] Build(ulong seed)
        {
            using var index = HnswIndex.Build(
                new HnswOptions { Dimensions = 24, Threads = 1, Seed = seed, EfConstruction = 60 }, vectors.Count, vectors.Read);
            return SnapshotBytes.Of(index);
        }

        Assert.Equal(Build(5), Build(5));
        Assert.NotEqual(Build(5), Build(6));
    }

    private static Neighbor[] Answer(HnswIndex index, ReadOnlySpan<float> query)
    {
        var results = new Neighbor[10];
        index.Search(query, 40, results);
        return results;
    }
}
