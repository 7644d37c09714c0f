using System.Globalization;
using System.Numerics.Tensors;
using ServerlessRec.Api.Tests.Fixtures;
using ServerlessRec.Benchmarks.Ann;
using ServerlessRec.Benchmarks.OnAzurite;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>A folder with a release and one user whose vector is stored, so that the first answer needs no inference.</summary>
internal static class ColdStore
{
    public const string UserId = "reader";

    public static async Task PrepareAsync(string folder, int items, int dimensions, CancellationToken cancellationToken)
    {
        using var store = EmbeddedStore.Open(folder, TimeProvider.System);
        var vectors = new ClusteredVectors(dimensions, clusters: 200, seed: 1).Make(items, seed: 2);
        for (var i = 0; i < items; i++)
        {
            var vector = vectors.AsSpan(i * dimensions, dimensions);
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        }

        var manifest = await new ReleaseStore(store.Blobs, TimeProvider.System).PublishAsync(
            new ReleaseDraft
            {
                Origin = "train",
                Features = new FeatureSpec
                {
                    Dimensions = dimensions,
                    HistoryLength = 50,
                    FeedbackTypes = ["click"],
                    Categories = ["News", "Video"],
                    Embeddings = [new EmbeddingFeature("vector", dimensions)],
                },
                UserTower = TinyTowers.User(dimensions),
                ItemTower = TinyTowers.Item(dimensions),
                Items = [.. Enumerable.Range(0, items).Select(i => Row(i, items))],
                ItemVectors = vectors,
                UserVectors = Users(dimensions),
            },
            cancellationToken: cancellationToken);
        await store.Users.WriteManyAsync([new UserWrite(Reader(vectors.AsSpan(0, dimensions), manifest.TowerVersion), null)], cancellationToken);
    }

    /// <summary>Copies the release and the user of a prepared folder.</summary>
    public static async Task CopyAsync(string folder, AzuriteWorld world, CancellationToken cancellationToken)
    {
        using var store = EmbeddedStore.Open(folder, TimeProvider.System);
        await world.CopyAsync(store.Blobs, "", cancellationToken);
        var reader = await store.Users.ReadAsync(UserId, cancellationToken);
        await world.Store.Users.WriteManyAsync([new UserWrite(reader!.State, null)], cancellationToken);
    }

    private static UserState Reader(ReadOnlySpan<float> vector, string towerVersion) => new()
    {
        User = new User(UserId, "", ""),
        History = [.. Enumerable.Range(0, 50).Select(i => new HistoryEntry($"item-{i:D6}", "click", 1, DateTimeOffset.UnixEpoch.AddDays(20_000 + i)))],
        SeenItems = [.. Enumerable.Range(0, 50).Select(i => ItemHash.Of($"item-{i:D6}"))],
        Vector = vector.ToArray(),
        TowerVersion = towerVersion,
    };

    // From the clusters of the items, as a training hands over user vectors for the index to be measured with.
    private static float[] Users(int dimensions)
    {
        const int count = 300;
        var vectors = new ClusteredVectors(dimensions, clusters: 200, seed: 1).Make(count, seed: 3);
        for (var user = 0; user < count; user++)
        {
            var vector = vectors.AsSpan(user * dimensions, dimensions);
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        }

        return vectors;
    }

    private static CatalogueRow Row(int i, int items) => new(
        new Item
        {
            ItemId = string.Create(CultureInfo.InvariantCulture, $"item-{i:D6}"),
            Categories = [i % 3 == 0 ? "Video" : "News"],
            Timestamp = DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(i),
            Comment = string.Create(CultureInfo.InvariantCulture, $"What happened in district {i}"),
        },
        IdIndex: 0,
        Popularity: items - i);
}
