using System.Globalization;
using System.Numerics.Tensors;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Tests.Doubles;

/// <summary>Seeded items with vectors, and drafts of releases made of them.</summary>
internal static class TestCatalogue
{
    public const int Dimensions = 16;

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly FeatureSpec Features = new()
    {
        Dimensions = Dimensions,
        HistoryLength = 20,
        FeedbackTypes = ["click", "buy"],
        Categories = ["Drama", "War", "Comedy"],
        Embeddings = [new EmbeddingFeature("v", Dimensions)],
    };

    /// <summary>Item i is called "item-i"; every 2nd is Drama, every 3rd War, every 7th hidden; popularity falls, publish time rises with i.</summary>
    public static CatalogueRow[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        var rows = new CatalogueRow[count];
        for (var i = 0; i < count; i++)
        {
            List<string> categories = [];
            if (i % 2 == 0)
            {
                categories.Add("Drama");
            }

            if (i % 3 == 0)
            {
                categories.Add("War");
            }

            var vector = string.Join(',', Vector(random).Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
            var item = new Item
            {
                ItemId = $"item-{i}",
                IsHidden = i % 7 == 6,
                Categories = categories,
                Timestamp = Start.AddHours(i),
                LabelsJson = $$"""{"year":{{1900 + i}},"studio":"S{{i % 5}}","v":[{{vector}}]}""",
                Comment = $"Title {i}",
            };
            rows[i] = new CatalogueRow(item, i + 1, count - i);
        }

        return rows;
    }

    public static ReleaseDraft Draft(int count, int seed = 1) => Draft(Rows(count, seed));

    public static ReleaseDraft Draft(CatalogueRow[] rows)
    {
        using var tower = new ItemTower(Features, TestTowers.Item);
        var vectors = new float[rows.Length * Dimensions];
        tower.Infer(rows, vectors);
        return new ReleaseDraft
        {
            Origin = "train",
            Features = Features,
            UserTower = TestTowers.User,
            ItemTower = TestTowers.Item,
            Items = rows,
            ItemVectors = vectors,
            Index = new HnswOptions { Dimensions = Dimensions, Threads = 1 },
            Metrics = new Dictionary<string, double> { ["model.ndcg@10"] = .25 },
        };
    }

    public static float[] Vector(Random random)
    {
        var vector = new float[Dimensions];
        for (var i = 0; i < Dimensions; i++)
        {
            vector[i] = (float)((random.NextDouble() * 2) - 1);
        }

        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }
}
