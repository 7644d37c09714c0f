using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Recommender.Catalogue;

/// <summary>The items as they are now, without index and towers: what training begins with.</summary>
/// <param name="Rows">Rows of the release that serves, changed, and added ones behind them (IdIndex 0); deleted ones are left out.</param>
/// <param name="LogPosition">Position of the catalogue log up to which changes are inside; a release made of these rows says so in its draft.</param>
public sealed record CurrentCatalogue(IReadOnlyList<CatalogueRow> Rows, long LogPosition)
{
    /// <summary>Reads the items of the release that serves, if there is one, and the catalogue log behind it.</summary>
    /// <exception cref="ReleaseDamagedException">items.bin or the manifest fails a check.</exception>
    /// <exception cref="CatalogueLogException">The log is damaged.</exception>
    /// <exception cref="BlobStoreException">The store is away.</exception>
    public static async Task<CurrentCatalogue> ReadAsync(IBlobStore blobs, CancellationToken cancellationToken = default)
    {
        var store = new ReleaseStore(blobs, TimeProvider.System);
        var rows = new Dictionary<string, CatalogueRow>(StringComparer.Ordinal);
        var order = new List<string>();
        var position = 0L;
        if (await store.ReadCurrentAsync(cancellationToken).ConfigureAwait(false) is { } pointer)
        {
            var manifest = await store.ReadManifestAsync(pointer.Current, cancellationToken).ConfigureAwait(false);
            position = manifest.CatalogueLogPosition;
            using var table = await new ReleaseLoader(blobs).LoadItemsAsync(manifest, cancellationToken).ConfigureAwait(false);
            for (var row = 0; row < table.Count; row++)
            {
                Set(table.Read(row));
            }
        }

        using var log = new CatalogueLog(blobs);
        await foreach (var (change, behind) in log.ReadAsync(position, cancellationToken).ConfigureAwait(false))
        {
            position = behind;
            var before = rows.GetValueOrDefault(change.ItemId);
            if (change.ApplyTo(before?.Item) is { } item)
            {
                Set(before is null ? new CatalogueRow(item, 0, 0) : before with { Item = item });
            }
            else
            {
                rows.Remove(change.ItemId);
            }
        }

        return new CurrentCatalogue([.. order.Distinct().Where(rows.ContainsKey).Select(id => rows[id])], position);

        void Set(CatalogueRow row)
        {
            if (!rows.ContainsKey(row.Item.ItemId))
            {
                order.Add(row.Item.ItemId);
            }

            rows[row.Item.ItemId] = row;
        }
    }
}
