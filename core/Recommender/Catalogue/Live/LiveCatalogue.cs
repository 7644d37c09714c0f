using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Retrieval;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>
/// The catalogue of a running release: its items and index, overlaid by the changes of the catalogue log. A new item can be found as soon as
/// the change is applied; a hidden or deleted one is in no answer that begins afterwards. Ordinals of base rows stay; added items follow them.
/// Any number of readers beside one writer at a time.
/// </summary>
public sealed class LiveCatalogue : IDisposable
{
    private readonly HnswIndex _index;
    private readonly ItemTower _tower;
    private readonly ContentTransfer _transfer;
    private readonly Lock _changing = new();
    private volatile HnswOverlay? _overlay;
    private volatile HashOrder? _hashOrder;
    private long _position;

    internal LiveCatalogue(HnswIndex index, ItemTable table, ItemTower tower, long position)
    {
        _index = index;
        _tower = tower;
        _transfer = new ContentTransfer(index, table, tower);
        _position = position;
        Items = new LiveItems(table);
        Sets = new ItemSets(Items);
    }

    /// <summary>Position of the catalogue log up to which changes are inside.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Changes applied since the release was loaded.</summary>
    public int ChangeCount => Items.Journal.Version;

    /// <summary>Ordinals in use, those of deleted items too.</summary>
    public int Count => Items.Count;

    /// <summary>Sets of items by category, filter and visibility.</summary>
    public ItemSets Sets { get; }

    internal LiveItems Items { get; }

    internal HnswOverlay? Overlay => _overlay;

    /// <summary>Ordinals of items that are not deleted, in the order of their hashes.</summary>
    internal int[] ByHash
    {
        get
        {
            var version = Items.Journal.Version;
            if (_hashOrder is not { } order || order.Version != version)
            {
                _hashOrder = order = HashOrder.Make(Items, version);
            }

            return order.Ordinals;
        }
    }

    /// <summary>The ordinal of an item; false when it is unknown or deleted.</summary>
    public bool TryFind(string itemId, out int ordinal) => Items.TryFind(itemId, out ordinal);

    /// <summary>The ordinal of an item by <see cref="ItemHash"/>; false when it is unknown or deleted.</summary>
    public bool TryFind(ulong hash, out int ordinal) => Items.TryFind(hash, out ordinal);

    /// <summary>An item's id.</summary>
    public string Id(int ordinal) => Items.Id(ordinal);

    /// <summary>An item as it is now.</summary>
    public CatalogueRow Read(int ordinal) => Items.Read(ordinal);

    /// <summary>Copies an item's vector.</summary>
    public void CopyVector(int ordinal, Span<float> destination)
    {
        if (_overlay is { } overlay)
        {
            overlay.CopyVector(ordinal, destination);
        }
        else
        {
            _index.CopyVector(ordinal, destination);
        }
    }

    /// <summary>As <see cref="HnswIndex.Search"/>, over base and overlay.</summary>
    public int Search(ReadOnlySpan<float> query, int efSearch, Span<Neighbor> results, SearchFilter filter) =>
        _overlay is { } overlay ? overlay.Search(query, efSearch, results, filter) : _index.Search(query, efSearch, results, filter);

    /// <summary>Applies changes in their order and moves <see cref="Position"/>. Vectors are inferred on the spot, in one batch.</summary>
    /// <param name="changes">The next changes of the log.</param>
    /// <param name="position">The position behind the last one.</param>
    /// <param name="cancellationToken">Stops before anything is applied.</param>
    /// <returns>Ids of items whose vectors the tower could not make; they stay as they were.</returns>
    public IReadOnlyList<string> Apply(IReadOnlyList<CatalogueChange> changes, long position, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_changing)
        {
            var outcomes = ChangeOutcomes.Of(Items, changes);
            var failed = new VectorInference(_tower, _transfer, _index.Dimensions).Run(outcomes, cancellationToken);
            foreach (var outcome in outcomes)
            {
                Apply(outcome);
            }

            Items.Sort();
            Volatile.Write(ref _position, position);
            return failed;
        }
    }

    /// <summary>Does beforehand what the first new item would wait for.</summary>
    internal void Prepare(CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            _transfer.Prepare(cancellationToken);
        }
    }

    /// <summary>
    /// A new index of every item that is not deleted, hidden ones too, and for each of its ordinals the row. Changes wait meanwhile. The
    /// caller disposes the index.
    /// </summary>
    internal (HnswIndex Index, CatalogueRow[] Rows) Merge(int threads, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            var merged = (_overlay ??= new HnswOverlay(_index)).Merge(threads, cancellationToken);
            var rows = new CatalogueRow[merged.OverlayOrdinals.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = Items.Read(merged.OverlayOrdinals.Span[i]);
            }

            return (merged.Index, rows);
        }
    }

    /// <summary>Frees the overlay; the release's own parts stay.</summary>
    public void Dispose() => _overlay?.Dispose();

    // The row first, then the vector: a search must never return an ordinal that has no row.
    private void Apply(ChangeOutcome outcome)
    {
        if (outcome.Failed || (outcome.IsDeleted && outcome.Ordinal < 0))
        {
            return;
        }

        var ordinal = outcome.Ordinal >= 0 ? outcome.Ordinal : Items.Count;
        if (outcome.Vector.IsEmpty && !outcome.IsDeleted)
        {
            Items.Set(new LiveItem(ordinal, outcome.Row, false));
            return;
        }

        var overlay = _overlay ??= new HnswOverlay(_index);
        Items.Set(new LiveItem(ordinal, outcome.Row, outcome.IsDeleted));
        if (outcome.IsDeleted)
        {
            overlay.Remove(ordinal);
        }
        else if (ordinal < overlay.Count)
        {
            overlay.Update(ordinal, outcome.Vector.Span);
        }
        else
        {
            overlay.Add(outcome.Vector.Span);
        }
    }
}
