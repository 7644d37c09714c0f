using System.Runtime.InteropServices;
using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Training.Importers.OnlineRetail;

/// <summary>
/// What the lines say of each item: the description that stands most often (clerks write "?" or "damaged" into some lines) and the
/// last price asked.
/// </summary>
internal sealed class ProductSheet
{
    private readonly Dictionary<(int Item, string Description), int> _descriptions = [];
    private readonly Dictionary<int, (string Title, int Lines)> _titles = [];
    private readonly Dictionary<int, double> _prices = [];

    public void Add(int item, string description, double price)
    {
        if (price > 0)
        {
            _prices[item] = price;
        }

        description = description.Trim();
        if (description.Length == 0)
        {
            return;
        }

        var lines = ++CollectionsMarshal.GetValueRefOrAddDefault(_descriptions, (item, description), out _);
        if (lines > _titles.GetValueOrDefault(item).Lines)
        {
            _titles[item] = (description, lines);
        }
    }

    /// <summary>The item with its title as comment and its price as label "price".</summary>
    public Item Describe(int item, string itemId) => new()
    {
        ItemId = itemId,
        Comment = _titles.TryGetValue(item, out var title) ? title.Title : "",
        LabelsJson = _prices.TryGetValue(item, out var price) ? LabelsText.Write(labels => labels.WriteNumber("price", price)) : null,
    };
}
