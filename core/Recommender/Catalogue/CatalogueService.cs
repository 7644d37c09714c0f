using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Recommender.Catalogue;

/// <summary>
/// Changes items: appends to the catalogue log and, once that is durable, to what this instance serves; other instances follow the log.
/// Works without a release too: the changes count when one is loaded. Thread-safe.
/// </summary>
public sealed class CatalogueService(CatalogueLog log, ReleaseHolder releases)
{
    private readonly CreatedIds _created = new();

    /// <summary>Appends changes and applies them here. When it returns they are durable and visible to the next request of this instance.</summary>
    /// <returns>How many changes were written.</returns>
    /// <exception cref="InvalidDataException">A change breaks a rule of <see cref="CatalogueRules"/>; none was written.</exception>
    /// <exception cref="BlobStoreException">The store is away; repeating the call is harmless.</exception>
    public async Task<int> WriteAsync(IReadOnlyList<CatalogueChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count == 0)
        {
            return 0;
        }

        await log.AppendAsync(changes, cancellationToken).ConfigureAwait(false);
        await releases.FollowCatalogueAsync(cancellationToken).ConfigureAwait(false);
        return changes.Count;
    }

    /// <summary>
    /// Adds the items of these ids that are not known, with nothing but their ids. One that somebody else adds at the same time, or added
    /// where this instance has not looked yet, stays as it is; repeating the call is harmless.
    /// </summary>
    /// <returns>How many changes were written.</returns>
    /// <exception cref="InvalidDataException">An id breaks a rule; none was written.</exception>
    /// <exception cref="BlobStoreException">The store is away; repeating the call is harmless.</exception>
    public async Task<int> CreateMissingAsync(IReadOnlyCollection<string> itemIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(itemIds);
        var missing = _created.Without(Unknown(itemIds));
        if (missing.Count == 0)
        {
            return 0;
        }

        var written = await WriteAsync([.. missing.Select(id => CatalogueChange.Create(new Item { ItemId = id }))], cancellationToken).ConfigureAwait(false);
        if (!releases.IsReady)
        {
            _created.Add(missing);
        }

        return written;
    }

    /// <summary>Adds or replaces items.</summary>
    /// <exception cref="InvalidDataException">An item breaks a rule; none was written.</exception>
    /// <exception cref="BlobStoreException">The store is away; repeating the call is harmless.</exception>
    public Task<int> PutAsync(IReadOnlyList<Item> items, CancellationToken cancellationToken = default) =>
        WriteAsync([.. items.Select(CatalogueChange.Put)], cancellationToken);

    private HashSet<string> Unknown(IReadOnlyCollection<string> itemIds)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (!releases.IsReady)
        {
            ids.UnionWith(itemIds);
            return ids;
        }

        using var release = releases.Acquire();
        foreach (var id in itemIds)
        {
            if (!release.Catalogue.TryFind(id, out _))
            {
                ids.Add(id);
            }
        }

        return ids;
    }
}
