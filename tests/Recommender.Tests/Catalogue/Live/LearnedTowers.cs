using System.Globalization;
using System.Numerics.Tensors;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Towers;
using static ServerlessRec.Recommender.Tests.Doubles.OnnxWriter;

namespace ServerlessRec.Recommender.Tests.Catalogue.Live;

/// <summary>
/// A release whose item tower learned something of each id beyond its content, as trained ones do: vector = (content + learned of the id, unit
/// length; prior of the id) / √2. Without an id nothing is learned and the prior is (0.6, 0.8).
/// </summary>
internal static class LearnedTowers
{
    public const int Content = 14;
    public const int Dimensions = Content + 2;

    public static readonly float[] MedianPrior = [.6f / MathF.Sqrt(2), .8f / MathF.Sqrt(2)];

    public static readonly FeatureSpec Features = new()
    {
        Dimensions = Dimensions,
        HistoryLength = 20,
        FeedbackTypes = ["click"],
        Embeddings = [new EmbeddingFeature("v", Content)],
    };

    /// <summary>Item i learned another direction than its content, and its prior falls with i from (1, 0) to (0, 1); i = 0 is the most popular.</summary>
    public static async Task<LoadedRelease> LoadAsync(float[][] contents)
    {
        var random = new Random(5);
        var learned = new float[(contents.Length + 1) * Content];
        var priors = new float[(contents.Length + 1) * 2];
        MedianPrior.CopyTo(priors.AsSpan());
        for (var i = 0; i < contents.Length; i++)
        {
            Direction(random).CopyTo(learned.AsSpan((i + 1) * Content));
            var angle = Math.PI / 2 * i / contents.Length;
            priors[2 * (i + 1)] = (float)(Math.Cos(angle) / Math.Sqrt(2));
            priors[(2 * (i + 1)) + 1] = (float)(Math.Sin(angle) / Math.Sqrt(2));
        }

        var onnx = Tower(learned, priors, contents.Length + 1);
        var rows = contents.Select((content, i) => new CatalogueRow(ItemOf($"item-{i}", content), i + 1, contents.Length - i)).ToArray();
        var vectors = new float[rows.Length * Dimensions];
        using (var tower = new ItemTower(Features, onnx))
        {
            tower.Infer(rows, vectors);
        }

        var blobs = new InMemoryBlobStore();
        var manifest = await new ReleaseStore(blobs, TimeProvider.System).PublishAsync(new ReleaseDraft
        {
            Origin = "train",
            Features = Features,
            UserTower = TestTowers.User,
            ItemTower = onnx,
            Items = rows,
            ItemVectors = vectors,
            Index = new HnswOptions { Dimensions = Dimensions, Threads = 1 },
        });
        return await new ReleaseLoader(blobs).LoadAsync(manifest.Id);
    }

    public static Item ItemOf(string id, float[] content) => new()
    {
        ItemId = id,
        LabelsJson = $$"""{"v":[{{string.Join(',', content.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}}]}""",
    };

    public static float[] Direction(Random random)
    {
        var direction = new float[Content];
        foreach (ref var x in direction.AsSpan())
        {
            x = (float)((random.NextDouble() * 2) - 1);
        }

        TensorPrimitives.Divide(direction, TensorPrimitives.Norm<float>(direction), direction);
        return direction;
    }

    private static byte[] Tower(float[] learned, float[] priors, int ids) => Model(
        [
            Node("Gather", ["learned", "item_ids"], "of_id"),
            Node("Add", ["numbers", "of_id"], "sum"),
            Node("LpNormalization", ["sum"], "unit", ("axis", -1), ("p", 2)),
            Node("Mul", ["unit", "scale"], "scaled"),
            Node("Gather", ["priors", "item_ids"], "prior"),
            Node("Concat", ["scaled", "prior"], "item_vectors", ("axis", 1)),
        ],
        [Floats("learned", ids, learned), Floats("priors", ids, priors), Scalar("scale", 1 / MathF.Sqrt(2))],
        [Value("numbers", OnnxWriter.Float, "B", "N"), Value("item_ids", Long, "B")],
        Value("item_vectors", OnnxWriter.Float, "B", "D"));
}
