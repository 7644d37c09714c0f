using ServerlessRec.Training.Data;
using ServerlessRec.Training.DemoData;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Evaluation.Baselines;
using ServerlessRec.Training.Importers;
using ServerlessRec.Training.Tests.Importers;

namespace ServerlessRec.Training.Tests.DemoData;

public sealed class DemoDatasetTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly DemoDataOptions Small = new() { Users = 150, InitialItems = 300, NewItemsPerDay = 20, Days = 12 };

    [Fact]
    public void The_same_seed_gives_the_same_data_and_another_seed_another()
    {
        var first = DemoDataset.Generate(Small, Stop);

        Assert.Equal(first.Interactions, DemoDataset.Generate(Small, Stop).Interactions);
        Assert.Equal(first.Items.Select(i => i.Comment), DemoDataset.Generate(Small, Stop).Items.Select(i => i.Comment));
        Assert.NotEqual(first.Interactions, DemoDataset.Generate(Small with { Seed = 2 }, Stop).Interactions);
    }

    [Fact]
    public void One_more_day_continues_the_same_world()
    {
        var shorter = DemoDataset.Generate(Small, Stop);
        var longer = DemoDataset.Generate(Small with { Days = Small.Days + 1 }, Stop);
        var added = DemoDataset.Generate(Small with { Days = Small.Days + 1, SkipDays = Small.Days }, Stop);

        // A visit that begins late may reach into the next day, so feedback is compared as sets.
        var old = shorter.Interactions.ToHashSet();
        Assert.Superset(old, longer.Interactions.ToHashSet());
        Assert.Equal(longer.Interactions.Where(i => !old.Contains(i)).ToHashSet(), added.Interactions.ToHashSet());
        Assert.NotEmpty(added.Interactions);
        Assert.Equal(shorter.Items.Select(i => i.ItemId), longer.Items.Take(shorter.Items.Count).Select(i => i.ItemId));
        Assert.Equal(Small.NewItemsPerDay, longer.Items.Count - shorter.Items.Count);
    }

    [Fact]
    public void Titles_are_readable_and_none_stands_twice()
    {
        var items = DemoDataset.Generate(Small, Stop).Items;

        Assert.Equal(items.Count, items.Select(i => i.Comment).Distinct().Count());
        Assert.All(items, item => Assert.DoesNotContain('{', item.Comment));
        Assert.All(items, item => Assert.Equal(3, item.Categories.Count));
        Assert.All(items, item => Assert.True(char.IsUpper(item.Comment[0])));
    }

    [Fact]
    public void Nothing_is_read_before_it_is_published()
    {
        var dataset = DemoDataset.Generate(Small, Stop);

        Assert.All(dataset.Interactions, i =>
            Assert.True(dataset.Items[i.Item].Timestamp!.Value.ToUnixTimeMilliseconds() <= i.UnixMilliseconds));
    }

    [Fact]
    public void A_few_items_draw_much_of_the_attention()
    {
        var dataset = DemoDataset.Generate(Small, Stop);
        var counts = dataset.Interactions.GroupBy(i => i.Item).Select(g => g.Count()).OrderDescending().ToList();

        var top = counts.Take(dataset.Items.Count / 10).Sum();
        Assert.InRange((double)top / dataset.Interactions.Count, 0.25, 0.75);
        Assert.Equal(["click", "view", "like", "hide"], dataset.FeedbackTypes);
        Assert.All(Enumerable.Range(0, 4), type => Assert.Contains(dataset.Interactions, i => i.Type == type));
    }

    [Fact]
    public void Interests_drift_so_that_older_histories_tell_less()
    {
        var dataset = DemoDataset.Generate(Small with { Days = 60, NewItemsPerDay = 10 }, Stop);
        var start = dataset.Interactions[0].UnixMilliseconds;

        // Share of the last week's clicks in topics the reader visited in the week before, against six weeks before.
        Assert.True(Overlap(45, 52) > 1.2 * Overlap(3, 10), $"{Overlap(45, 52)} is not above {Overlap(3, 10)}");

        double Overlap(int from, int until)
        {
            var earlier = Topics(from, until).ToHashSet();
            var readers = Topics(from, until).Select(pair => pair.User).ToHashSet();
            var later = Topics(53, 60).Where(pair => readers.Contains(pair.User)).ToList();
            return later.Count(earlier.Contains) / (double)later.Count;
        }

        IEnumerable<(int User, string Topic)> Topics(int from, int until) => dataset.Interactions
            .Where(i => i.Type == 0 && i.UnixMilliseconds >= start + (from * 86_400_000L) && i.UnixMilliseconds < start + (until * 86_400_000L))
            .Select(i => (i.User, dataset.Items[i.Item].Categories[1]));
    }

    [Fact]
    public void Who_knows_the_readers_interests_is_clearly_ahead_of_popularity()
    {
        var dataset = DemoDataset.Generate(Small with { Users = 400, Days = 20 }, Stop);
        var split = TimeSplit.Split(dataset);
        var evaluator = new Evaluator(dataset, split.BeforeTest);

        var popular = evaluator.Run(new RecentPopularityScorer(dataset, split.BeforeTest), split.Test, Stop).AtK(10).Ndcg;
        var topical = evaluator.Run(new TopicScorer(dataset, split.BeforeTest), split.Test, Stop).AtK(10).Ndcg;

        Assert.True(topical > 1.5 * popular, $"{topical} is not clearly ahead of {popular}");
    }

    [Fact]
    public async Task What_is_written_as_json_lines_is_read_back_the_same()
    {
        var dataset = DemoDataset.Generate(Small, Stop);
        using var folder = new SourceFolder();

        await GorseFolder.WriteAsync(dataset, folder.Root, Stop);
        var read = await DatasetImporter.ImportAsync(folder.Root, cancellationToken: Stop);

        Assert.Equal(["feedback.jsonl", "items.jsonl", "users.jsonl"], Directory.GetFiles(folder.Root).Select(Path.GetFileName).Order());
        Assert.Equal(dataset.Users, read.Users);
        Assert.Equal(dataset.Items.Select(Flat), read.Items.Select(Flat));
        Assert.Equal(dataset.Interactions.Select(i => Row(dataset, i)), read.Interactions.Select(i => Row(read, i)));

        static string Flat(Recommender.Catalogue.Item item) => $"{item with { Categories = [] }} {string.Join('|', item.Categories)}";
    }

    [Theory]
    [InlineData(0, 1, 0, 1, 0)]
    [InlineData(1, 0, 0, 1, 0)]
    [InlineData(1, 1, -1, 1, 0)]
    [InlineData(1, 1, 0, 0, 0)]
    [InlineData(1, 1, 0, 2, 2)]
    public void Impossible_sizes_are_refused(int users, int initialItems, int newItems, int days, int skipDays) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DemoDataset.Generate(
            new DemoDataOptions { Users = users, InitialItems = initialItems, NewItemsPerDay = newItems, Days = days, SkipDays = skipDays }, Stop));

    private static string Row(Dataset dataset, Interaction i) => FormattableString.Invariant(
        $"{dataset.Users[i.User].UserId} {dataset.Items[i.Item].ItemId} {dataset.FeedbackTypes[i.Type]} {i.Value} {i.UnixMilliseconds}");

    /// <summary>Popularity of the last week, within the topics of the reader's last clicks first.</summary>
    private sealed class TopicScorer(Dataset dataset, IReadOnlyList<Interaction> learned) : IScorer
    {
        private readonly RecentPopularityScorer _recent = new(dataset, learned);

        public string Name => "topics";

        public void Score(EvaluationCase evaluationCase, Span<float> scores)
        {
            _recent.Score(evaluationCase, scores);
            var history = evaluationCase.History.Span;
            var weights = new Dictionary<string, float>();
            foreach (var interaction in history[Math.Max(0, history.Length - 30)..])
            {
                var topic = dataset.Items[interaction.Item].Categories[1];
                weights[topic] = weights.GetValueOrDefault(topic) + 1;
            }

            for (var item = 0; item < scores.Length; item++)
            {
                scores[item] *= 0.3f + weights.GetValueOrDefault(dataset.Items[item].Categories[1]);
            }
        }
    }
}
