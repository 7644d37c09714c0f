namespace ServerlessRec.Training.DemoData;

/// <summary>What can be found on a day: items by topic and on the front page, each drawn with the pull it has that day.</summary>
internal sealed class DemoShelf
{
    private readonly IReadOnlyList<DemoItem> _items;
    private readonly (List<int> Items, List<double> Cumulated)[] _topics;
    private readonly (List<int> Items, List<double> Cumulated) _frontPage = ([], []);

    public DemoShelf(IReadOnlyList<DemoItem> items, DateTimeOffset noon)
    {
        _items = items;
        _topics = [.. DemoTopics.All.Select(_ => (new List<int>(), new List<double>()))];
        for (var item = 0; item < items.Count; item++)
        {
            var pull = items[item].PullAt(noon);
            Put(_topics[items[item].Topic], item, pull);

            // The front page favours what draws most.
            Put(_frontPage, item, pull * pull);
        }
    }

    /// <summary>An item of a topic that is out at a moment and that the reader does not know; −1 when none turned up.</summary>
    public int DrawFromTopic(int topic, DemoReader reader, HashSet<int> known, DateTimeOffset moment, Random random) =>
        Draw(_topics[topic], reader, known, moment, random);

    /// <summary>The same from the front page.</summary>
    public int DrawFromFrontPage(DemoReader reader, HashSet<int> known, DateTimeOffset moment, Random random) =>
        Draw(_frontPage, reader, known, moment, random);

    private static void Put((List<int> Items, List<double> Cumulated) shelf, int item, double pull)
    {
        shelf.Items.Add(item);
        shelf.Cumulated.Add(pull + (shelf.Cumulated.Count == 0 ? 0 : shelf.Cumulated[^1]));
    }

    private int Draw(
        (List<int> Items, List<double> Cumulated) shelf, DemoReader reader, HashSet<int> known, DateTimeOffset moment, Random random)
    {
        const int tries = 12;
        for (var attempt = 0; attempt < tries && shelf.Items.Count > 0; attempt++)
        {
            var at = shelf.Cumulated.BinarySearch(random.NextDouble() * shelf.Cumulated[^1]);
            var item = shelf.Items[Math.Min(at < 0 ? ~at : at, shelf.Items.Count - 1)];
            var taste = (_items[item].IsVideo ? reader.VideoShare : 1 - reader.VideoShare) * (reader.Favours(_items[item]) ? 1 : 0.25);
            if (_items[item].PublishedAt <= moment && !known.Contains(item) && random.NextDouble() < Math.Max(0.1, taste))
            {
                return item;
            }
        }

        return -1;
    }
}
