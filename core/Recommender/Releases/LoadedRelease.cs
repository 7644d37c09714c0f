using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Live;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Releases;

/// <summary>
/// A verified release in native memory. Counted: it is freed when the last reference is released, so that requests in flight finish on the
/// release they began with. Whoever made or acquired it disposes it exactly once. Thread-safe.
/// </summary>
public sealed class LoadedRelease : IDisposable
{
    private int _references = 1;

    internal LoadedRelease(
        ReleaseManifest manifest, FeatureSpec features, HnswIndex index, ItemTable items, UserTower userTower, ItemTower itemTower, Ranker? ranker = null)
    {
        Manifest = manifest;
        Features = features;
        Index = index;
        Items = items;
        UserTower = userTower;
        ItemTower = itemTower;
        Ranker = ranker;
        Catalogue = new LiveCatalogue(index, items, itemTower, manifest.CatalogueLogPosition);
        ReadItemVector = TryReadItemVector;
        RankedItems = new(() => new ReleaseItems(Catalogue.Items));
    }

    /// <summary>What the release consists of.</summary>
    public ReleaseManifest Manifest { get; }

    /// <summary>The release's id.</summary>
    public string Id => Manifest.Id;

    /// <summary>The towers' inputs.</summary>
    public FeatureSpec Features { get; }

    /// <summary>The item vectors as released; an ordinal is a row of <see cref="Items"/>.</summary>
    public HnswIndex Index { get; }

    /// <summary>The items as released; <see cref="Catalogue"/> has them as they are now.</summary>
    public ItemTable Items { get; }

    /// <summary>Histories to user vectors.</summary>
    public UserTower UserTower { get; }

    /// <summary>Items to item vectors.</summary>
    public ItemTower ItemTower { get; }

    /// <summary>Orders candidates; null: the retrieval's order is the list's.</summary>
    public Ranker? Ranker { get; }

    /// <summary>Items and index with every change since the release was made.</summary>
    public LiveCatalogue Catalogue { get; }

    /// <summary>Copies the vector of an entry's item as it is now, whether it was released or added since, for <see cref="Towers.UserTower.Infer"/>.</summary>
    public ItemVectorReader ReadItemVector { get; }

    /// <summary>The items as the ranker reads them.</summary>
    internal Lazy<ReleaseItems> RankedItems { get; }

    /// <summary>Takes another reference; false when the release was freed already.</summary>
    public bool TryAcquire()
    {
        var references = Volatile.Read(ref _references);
        while (references > 0)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return true;
            }

            references = seen;
        }

        return false;
    }

    /// <summary>Releases one reference; the last one frees the memory.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            Catalogue.Dispose();
            Index.Dispose();
            Items.Dispose();
            UserTower.Dispose();
            ItemTower.Dispose();
            Ranker?.Dispose();
        }
    }

    /// <summary>Copies the vector of an item as it is now; false when it is unknown or deleted.</summary>
    public bool TryCopyVector(string itemId, Span<float> destination)
    {
        if (!Catalogue.TryFind(itemId, out var ordinal))
        {
            return false;
        }

        Catalogue.CopyVector(ordinal, destination);
        return true;
    }

    private bool TryReadItemVector(in HistoryEntry entry, Span<float> destination)
    {
        if (!Catalogue.TryFind(entry.ItemHash, out var ordinal))
        {
            return false;
        }

        Catalogue.CopyVector(ordinal, destination);
        return true;
    }
}
