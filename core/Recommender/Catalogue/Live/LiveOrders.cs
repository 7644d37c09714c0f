namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>The changed items that are not deleted, by popularity and by time. Immutable.</summary>
internal sealed class LiveOrders
{
    public static readonly LiveOrders Empty = new([]);

    public LiveOrders(IEnumerable<LiveItem> items)
    {
        var alive = items.Where(i => !i.IsDeleted).OrderBy(i => i.Ordinal).ToArray();
        Popular = [.. alive.OrderByDescending(i => i.Row.Popularity).Select(i => i.Ordinal)];
        Latest = [.. alive.Where(i => i.Row.Item.Timestamp is not null).OrderByDescending(i => i.Row.Item.Timestamp!.Value.UtcTicks).Select(i => i.Ordinal)];
    }

    public int[] Popular { get; }

    public int[] Latest { get; }
}

/// <summary>Two orders of one kind read as one: base rows that did not change, and changed items.</summary>
internal ref struct MergedOrder
{
    private readonly LiveItems _items;
    private readonly bool _byTime;
    private ReadOnlySpan<int> _base;
    private ReadOnlySpan<int> _changed;

    private MergedOrder(LiveItems items, bool byTime, ReadOnlySpan<int> baseOrder, ReadOnlySpan<int> changed)
    {
        _items = items;
        _byTime = byTime;
        _base = baseOrder;
        _changed = changed;
    }

    public int Current { get; private set; }

    public static MergedOrder Popular(LiveItems items) => new(items, false, items.Table.PopularOrder, items.Orders.Popular);

    public static MergedOrder Latest(LiveItems items) => new(items, true, items.Table.LatestOrder, items.Orders.Latest);

    public readonly MergedOrder GetEnumerator() => this;

    public bool MoveNext()
    {
        while (!_base.IsEmpty && _items.Changed(_base[0]) is not null)
        {
            _base = _base[1..];
        }

        if (_base.IsEmpty && _changed.IsEmpty)
        {
            return false;
        }

        var fromChanged = _base.IsEmpty || (!_changed.IsEmpty && Compare(_changed[0], _base[0]) > 0);
        Current = fromChanged ? _changed[0] : _base[0];
        _base = fromChanged ? _base : _base[1..];
        _changed = fromChanged ? _changed[1..] : _changed;
        return true;
    }

    private readonly int Compare(int one, int other) => _byTime
        ? (_items.TimestampTicks(one) ?? long.MinValue).CompareTo(_items.TimestampTicks(other) ?? long.MinValue)
        : _items.Popularity(one).CompareTo(_items.Popularity(other));
}
