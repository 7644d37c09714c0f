using System.Collections.Concurrent;

namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>
/// The items of a release with every change since: base rows in place, changed and added ones over them. One writer, any number of readers;
/// a reader sees each item before or after a change, never in between.
/// </summary>
internal sealed class LiveItems(ItemTable table)
{
    private readonly ConcurrentDictionary<int, LiveItem> _changed = [];
    private readonly ConcurrentDictionary<string, int> _added = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ulong, int> _addedHashes = [];
    private int _count = table.Count;
    private volatile LiveOrders _orders = LiveOrders.Empty;

    public ItemTable Table => table;

    public ChangeJournal Journal { get; } = new();

    /// <summary>Base rows and added items, deleted ones too.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether any item changed.</summary>
    public bool IsChanged => Journal.Version > 0;

    public LiveOrders Orders => _orders;

    public LiveItem? Changed(int ordinal) => IsChanged ? _changed.GetValueOrDefault(ordinal) : null;

    public bool TryFind(string itemId, out int ordinal) =>
        (table.TryFind(itemId, out ordinal) || (IsChanged && _added.TryGetValue(itemId, out ordinal))) && !IsDeleted(ordinal);

    public bool TryFind(ulong hash, out int ordinal) =>
        (table.TryFind(hash, out ordinal) || (IsChanged && _addedHashes.TryGetValue(hash, out ordinal))) && !IsDeleted(ordinal);

    /// <summary>Also finds deleted items; -1: there never was one.</summary>
    public int OrdinalEver(string itemId) => table.TryFind(itemId, out var row) ? row : _added.GetValueOrDefault(itemId, -1);

    public string Id(int ordinal) => ordinal < table.Count ? table.Id(ordinal) : _changed[ordinal].Row.Item.ItemId;

    public ulong Hash(int ordinal) => ordinal < table.Count ? table.Hashes[ordinal] : ItemHash.Of(Id(ordinal));

    public CatalogueRow Read(int ordinal) => Changed(ordinal)?.Row ?? table.Read(ordinal);

    public bool IsDeleted(int ordinal) => Changed(ordinal)?.IsDeleted == true;

    /// <summary>Hidden or deleted.</summary>
    public bool IsHidden(int ordinal) => Changed(ordinal) is { } changed ? changed.IsDeleted || changed.Row.Item.IsHidden : table.IsHidden(ordinal);

    public float Popularity(int ordinal) => Changed(ordinal)?.Row.Popularity ?? table.Popularity[ordinal];

    /// <summary>Of the released items.</summary>
    public float GreatestPopularity => table.Count > 0 ? table.Popularity[table.PopularOrder[0]] : 0;

    public long? TimestampTicks(int ordinal) => Changed(ordinal) is { } changed ? changed.Row.Item.Timestamp?.UtcTicks : table.TimestampTicks(ordinal);

    /// <summary>Writer only. Makes an item visible under its ordinal; a search may return that ordinal from now on.</summary>
    public void Set(LiveItem item)
    {
        _changed[item.Ordinal] = item;
        if (item.Ordinal >= table.Count)
        {
            var id = item.Row.Item.ItemId;
            _addedHashes[ItemHash.Of(id)] = item.Ordinal;
            _added[id] = item.Ordinal;
            Volatile.Write(ref _count, Math.Max(_count, item.Ordinal + 1));
        }

        Journal.Append(item.Ordinal);
    }

    /// <summary>Writer only, after a batch: sorts the changed items anew.</summary>
    public void Sort() => _orders = new LiveOrders(_changed.Values);
}
