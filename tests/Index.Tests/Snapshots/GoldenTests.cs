using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Snapshots;

/// <summary>
/// A committed file of every version is read, searched, rewritten and compared byte for byte. A change that breaks this needs a new
/// version, not a new file.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string, Metric, VectorCodes, RerankVectors> Files => new()
    {
        { "v1-ip-int8-residual", Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Residual },
        { "v1-cosine-int8-half", Metric.Cosine, VectorCodes.Int8, RerankVectors.Half },
        { "v1-l2-int8-float32", Metric.SquaredL2, VectorCodes.Int8, RerankVectors.Float32 },
        { "v1-l2-float32", Metric.SquaredL2, VectorCodes.Float32, RerankVectors.Float32 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Golden_files_are_read_searched_and_rewritten_as_they_are(string name, Metric metric, VectorCodes codes, RerankVectors rerank)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Snapshots", "Golden", name + ".snapshot");
        var vectors = VectorSet.Clustered(200, 12, 31);
        if (Environment.GetEnvironmentVariable("SERVERLESSREC_WRITE_GOLDEN") is { } folder)
        {
            var options = new HnswOptions { Dimensions = 12, Metric = metric, Codes = codes, Rerank = rerank, M = 6, EfConstruction = 40, Threads = 1 };
            using var built = HnswIndex.Build(options, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
            using var file = File.Create(Path.Combine(folder, name + ".snapshot"));
            built.Save(file);
            return;
        }
        using var index = HnswIndex.OpenMapped(path);
        Assert.Equal((200, 12, metric), (index.Count, index.Dimensions, index.Metric));
        Assert.Equal(File.ReadAllBytes(path), SnapshotBytes.Of(index));
        var recall = Recall.At(5, index, vectors, VectorSet.Clustered(50, 12, 32), 60);
        Assert.True(recall >= 0.98, $"recall@5 {recall}");
        var copy = new float[12];
        index.CopyVector(17, copy);
        var expected = vectors[17].ToArray();
        var norm = metric == Metric.Cosine ? (float)Math.Sqrt(ExactScore.Dot(expected, expected)) : 1;
        for (var d = 0; d < 12; d++)
            Assert.Equal(expected[d] / norm, copy[d], 0.005);
    }
}
