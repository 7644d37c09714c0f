using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Ranking;

/// <summary>The items of a data set as the ranker reads them: what a release made of the same catalogue would say.</summary>
internal sealed class CatalogueItems : IRankedItems
{
    private readonly RankedItem[] _items;
    private readonly Dictionary<ulong, int> _places;

    /// <param name="catalogue">A row's place is the item's number.</param>
    public CatalogueItems(IReadOnlyList<CatalogueRow> catalogue)
    {
        var greatest = catalogue.Count == 0 ? 0 : catalogue.Max(row => row.Popularity);
        _items = [.. catalogue.Select(row => RankedItem.Of(row, greatest))];
        _places = new Dictionary<ulong, int>(catalogue.Count);
        for (var place = 0; place < catalogue.Count; place++)
        {
            _places[ItemHash.Of(catalogue[place].Item.ItemId)] = place;
        }
    }

    /// <summary>The items of a data set as a published release knows them; those that it does not know have no popularity.</summary>
    public static CatalogueItems Of(ItemTable table, Dataset dataset) => new(
        [.. dataset.Items.Select(item => table.TryFind(item.ItemId, out var row) ? table.Read(row) : new CatalogueRow(item, 0, 0))]);

    public RankedItem Read(int ordinal) => _items[ordinal];

    public bool TryFind(ulong itemHash, out int ordinal) => _places.TryGetValue(itemHash, out ordinal);
}
