using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Importers;

namespace ServerlessRec.Training.DemoData;

/// <summary>
/// A news and video site that does not exist: headlines, sections and topics, publish times, a few items that draw most readers, breaking
/// stories, and readers with a few interests each that drift over the days. Feedback: "click", "view" (value: minutes read), "like", "hide".
/// </summary>
public static class DemoDataset
{
    /// <summary>Simulates a site.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it.</exception>
    public static Dataset Generate(DemoDataOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var site = new DemoSite(options);
        var builder = new DatasetBuilder("demo");
        foreach (var reader in site.Readers)
        {
            builder.AddUser(Describe(reader));
        }

        foreach (var type in (ReadOnlySpan<string>)["click", "view", "like", "hide"])
        {
            builder.TypeNumber(type);
        }

        var described = 0;
        for (var day = 0; day < options.Days; day++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var feedback = site.NextDay();
            for (; described < site.Items.Count; described++)
            {
                builder.AddItem(Describe(site.Items[described]));
            }

            if (day >= options.SkipDays)
            {
                Add(feedback, builder);
            }
        }

        return builder.Build();
    }

    // Readers and items were added in their order, so their numbers are the builder's.
    private static void Add(List<DemoFeedback> feedback, DatasetBuilder builder)
    {
        foreach (var one in feedback)
        {
            builder.Add(new Interaction(one.Reader, one.Item, builder.TypeNumber(one.Type), one.Value, one.Moment.ToUnixTimeMilliseconds()));
        }
    }

    private static User Describe(DemoReader reader)
    {
        var interests = string.Join(", ", reader.FirstInterests.Select(topic => DemoTopics.All[topic].Name));
        return new User(
            reader.Id,
            LabelsText.Write(labels => labels.WriteString("name", reader.Name)),
            $"{reader.Name}; first interests: {interests}");
    }

    private static Item Describe(DemoItem item)
    {
        var topic = DemoTopics.All[item.Topic];
        return new Item
        {
            ItemId = item.Id,
            Comment = item.Title,
            Categories = [topic.Section, topic.Name, item.IsVideo ? "Video" : "News"],
            Timestamp = item.PublishedAt,
            LabelsJson = LabelsText.Write(labels => labels.WriteNumber("minutes", item.Minutes)),
        };
    }
}
