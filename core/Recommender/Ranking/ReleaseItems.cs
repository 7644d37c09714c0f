using ServerlessRec.Recommender.Catalogue.Live;

namespace ServerlessRec.Recommender.Ranking;

/// <summary>The items of a running release, as they are now, as the ranker reads them.</summary>
internal sealed class ReleaseItems : IRankedItems
{
    private readonly LiveItems _items;
    private readonly float _greatest;
    private readonly UInt128[] _categoryBits;

    public ReleaseItems(LiveItems items)
    {
        _items = items;
        _greatest = items.GreatestPopularity;
        _categoryBits = new UInt128[items.Table.CategoryCount];
        for (var category = 0; category < _categoryBits.Length; category++)
        {
            _categoryBits[category] = UInt128.One << CategoryHash.Of(items.Table.CategoryName(category));
        }
    }

    public RankedItem Read(int ordinal) => _items.Changed(ordinal) is { } changed
        ? RankedItem.Of(changed.Row, _greatest)
        : new RankedItem(RankedItem.Share(_items.Table.Popularity[ordinal], _greatest), _items.Table.TimestampTicks(ordinal), Categories(ordinal));

    public bool TryFind(ulong itemHash, out int ordinal) => _items.TryFind(itemHash, out ordinal);

    private UInt128 Categories(int row)
    {
        var mask = UInt128.Zero;
        foreach (var category in _items.Table.Categories(row))
        {
            mask |= _categoryBits[category];
        }

        return mask;
    }
}
