using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Benchmarks.Rebuild;

/// <summary>Publishes a release of the wanted size over the one in the store: its own items and variations of them, with the same towers.</summary>
internal static class GrownCatalogue
{
    public static async Task PublishAsync(IBlobStore blobs, int items, CancellationToken cancellationToken)
    {
        var store = new ReleaseStore(blobs, TimeProvider.System);
        var current = (await store.ReadCurrentAsync(cancellationToken))!.Current;
        using var release = await new ReleaseLoader(blobs).LoadAsync(current, cancellationToken: cancellationToken);
        var rows = new CatalogueRow[items];
        for (var i = 0; i < items; i++)
        {
            rows[i] = i < release.Items.Count ? release.Items.Read(i) : Variation(release.Items, i);
        }

        var vectors = new float[items * release.Features.Dimensions];
        release.ItemTower.Infer(rows, vectors, cancellationToken);
        await store.PublishAsync(
            new ReleaseDraft
            {
                Origin = "train",
                Features = release.Features,
                UserTower = release.UserTower.Onnx,
                ItemTower = release.ItemTower.Onnx,
                Items = rows,
                ItemVectors = vectors,
            },
            null,
            cancellationToken);
    }

    /// <summary>An item that did not exist: the features of one with the id embedding of another.</summary>
    public static CatalogueRow Variation(ItemTable items, int number)
    {
        var random = new Random(number);
        var features = items.Read(random.Next(items.Count));
        var other = items.Read(random.Next(items.Count));
        return new CatalogueRow(
            features.Item with { ItemId = $"grown-{number}", Comment = $"{features.Item.Comment} {other.Item.Comment}" }, other.IdIndex, features.Popularity / 2);
    }
}
