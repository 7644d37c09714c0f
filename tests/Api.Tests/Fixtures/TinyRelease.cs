using System.Globalization;
using System.Numerics.Tensors;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Tests.Fixtures;

/// <summary>A release small enough to publish in every test, and its users.</summary>
internal static class TinyRelease
{
    public const int ItemCount = 600;
    public const int UserCount = 20;

    private const int Dimensions = 8;

    private static readonly string[] StrangeIds = ["a/b c?#&=%ü", "100%2Foff", "日本語/😀"];

    /// <summary>Publishes the release and answers its id.</summary>
    public static async Task<string> PublishAsync(IBlobStore blobs)
    {
        var store = new ReleaseStore(blobs, TimeProvider.System);
        var vectors = Vectors();
        var manifest = await store.PublishAsync(
            new ReleaseDraft
            {
                Origin = "train",
                Features = new FeatureSpec
                {
                    Dimensions = Dimensions,
                    HistoryLength = 20,
                    FeedbackTypes = ["click", "like"],
                    Categories = ["red", "blue"],
                    Embeddings = [new EmbeddingFeature("vector", Dimensions)],
                },
                UserTower = TinyTowers.User(Dimensions),
                ItemTower = TinyTowers.Item(Dimensions),
                Items = [.. Enumerable.Range(0, ItemCount).Select(i => Row(i, vectors.AsSpan(i * Dimensions, Dimensions)))],
                ItemVectors = vectors,
            },
            cancellationToken: TestContext.Current.CancellationToken);

        return manifest.Id;
    }

    private static CatalogueRow Row(int i, ReadOnlySpan<float> vector)
    {
        var item = new Item
        {
            ItemId = i < StrangeIds.Length ? StrangeIds[i] : $"i{i - StrangeIds.Length + 1}",
            Categories = i % 2 == 1 ? ["red", "all"] : ["blue", "all"],
            Timestamp = i % 10 == 4 ? null : new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddHours(i - StrangeIds.Length),
            LabelsJson = i % 10 == 4 ? null : $$"""{"vector":[{{string.Join(',', vector.ToArray().Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}}]}""",
            Comment = $"Item {i - StrangeIds.Length + 1}",
        };
        return new CatalogueRow(item, IdIndex: 0, Popularity: ItemCount - i);
    }

    private static float[] Vectors()
    {
        var random = new Random(7);
        var vectors = new float[ItemCount * Dimensions];
        for (var i = 0; i < ItemCount; i++)
        {
            var vector = vectors.AsSpan(i * Dimensions, Dimensions);
            foreach (ref var x in vector)
            {
                x = (float)(random.NextDouble() - 0.5);
            }

            TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        }

        return vectors;
    }

    public static async Task AddUsersAsync(IUserStore users)
    {
        var writes = new List<UserWrite>();
        for (var i = 1; i <= UserCount; i++)
        {
            var id = i <= UserCount - StrangeIds.Length ? $"u{i}" : StrangeIds[UserCount - i];
            var start = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
            HistoryEntry[] history =
            [
                new("i1", "click", 1, start),
                new("i2", "like", 1, start.AddHours(1)),
                new("i3", "click", 2.5, start.AddHours(2)),
            ];
            var state = new UserState
            {
                User = new User(id, """{"age":30}""", $"User {i}"),
                History = history,
                SeenItems = [.. history.Select(entry => ItemHash.Of(entry.ItemId))],
            };
            writes.Add(new UserWrite(state, null));
        }

        await users.WriteManyAsync(writes, TestContext.Current.CancellationToken);
    }
}
