namespace ServerlessRec.Training.DemoData;

/// <summary>Publishes the items of the demo site, day by day. Each day a few subjects are breaking stories.</summary>
internal sealed class DemoNewsroom(DemoDataOptions options)
{
    private const int ItemPurpose = 1;
    private const int BacklogDays = 45;
    private const int BreakingStories = 4;
    private const double ShareOfBreaking = 0.4;

    private readonly DemoTitles _titles = new();
    private int _count;

    /// <summary>What was published before the first day.</summary>
    public List<DemoItem> Backlog()
    {
        var random = DemoRandom.Create(options.Seed, ItemPurpose, -1);
        var moments = Enumerable.Range(0, options.InitialItems)
            .Select(_ => options.FirstDay.AddSeconds(-random.Next(1, BacklogDays * 86_400)))
            .Order()
            .ToArray();
        return [.. moments.Select(moment => Publish(Anything(random), moment, 1, random))];
    }

    /// <summary>What is published on a day, in the order of publication.</summary>
    public List<DemoItem> Day(int day)
    {
        var random = DemoRandom.Create(options.Seed, ItemPurpose, day);
        var breaking = Enumerable.Range(0, BreakingStories).Select(_ => Anything(random)).ToArray();
        var moments = Enumerable.Range(0, options.NewItemsPerDay)
            .Select(_ => options.FirstDay.AddDays(day).AddSeconds(random.Next(4 * 3600, 20 * 3600)))
            .Order()
            .ToArray();
        return [.. moments.Select(moment => random.NextDouble() < ShareOfBreaking
            ? Publish(breaking[random.Next(BreakingStories)], moment, 2.5, random)
            : Publish(Anything(random), moment, 1, random))];
    }

    private static (int Topic, int Subject) Anything(Random random)
    {
        var topic = random.Next(DemoTopics.All.Count);
        return (topic, random.Next(DemoTopics.All[topic].Subjects.Length));
    }

    private DemoItem Publish((int Topic, int Subject) about, DateTimeOffset moment, double boost, Random random)
    {
        var isVideo = random.NextDouble() < 0.35;
        var id = FormattableString.Invariant($"{(isVideo ? "video" : "news")}-{++_count:D5}");
        var title = _titles.Next(DemoTopics.All[about.Topic].Subjects[about.Subject], isVideo, random);
        return new DemoItem(id, title, about.Topic, about.Subject, isVideo, random.Next(2, isVideo ? 40 : 12), boost * random.LogNormal(1), moment);
    }
}
