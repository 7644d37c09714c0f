using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Learning;

/// <summary>A small world with two tastes: each user reads items of one category only, so a model that learns anything ranks those first.</summary>
internal static class TinyWorld
{
    public static TrainingOptions Options { get; } = new()
    {
        Shape = new TowerShape { Dimensions = 18, HistoryLength = 10, Means = 2, HiddenUnits = 16 },
        Threads = 1,
        Epochs = 12,
        BatchSize = 64,
        UniformNegatives = 16,
        LearningRate = 0.01,
    };

    public static Dataset Make(int users = 60, int itemsOfATaste = 12, int seed = 3)
    {
        var random = new Random(seed);
        var interactions = new List<Interaction>();
        for (var user = 0; user < users; user++)
        {
            int[] items = [.. Enumerable.Range(0, itemsOfATaste).Select(item => (item * 2) + (user % 2))];
            random.Shuffle(items);
            for (var i = 0; i < itemsOfATaste / 2; i++)
            {
                interactions.Add(new Interaction(user, items[i], random.Next(2), 1, random.NextInt64(100L * 86_400_000)));
            }
        }

        return new Dataset
        {
            Name = "tiny",
            Users = [.. Enumerable.Range(0, users).Select(user => new User("u" + user))],
            Items = [.. Enumerable.Range(0, itemsOfATaste * 2).Select(item => new Item
            {
                ItemId = "i" + item,
                Categories = [item % 2 == 0 ? "even" : "odd", "all"],
                Comment = item % 2 == 0 ? "A quiet story" : "Loud music tonight",
                LabelsJson = $$"""{"length": {{item}}}""",
            })],
            FeedbackTypes = ["read", "like"],
            Interactions = [.. interactions.OrderBy(interaction => interaction.UnixMilliseconds)],
        };
    }

    public static TowerPair Untrained(Dataset dataset, int seed = 1, UserTowerKind kind = UserTowerKind.Pooled)
    {
        var shape = Options.Shape with { UserTower = kind };
        var random = new Random(seed);
        var towers = new TowerPair(
            FeatureSpecs.For(dataset, shape), shape, TrainingCatalogue.Of(dataset, dataset.Interactions), 0.1, random);

        // Zero biases and second layers would hide mistakes.
        foreach (var weight in towers.Weights)
        {
            foreach (ref var number in weight.Numbers)
            {
                number += 0.3f * (random.NextSingle() - 0.5f);
            }
        }

        towers.SettlePrior(new PopularityTimeline(dataset.Items.Count, dataset.Interactions));
        return towers;
    }

    public static FittedTowers Train(Dataset dataset, TrainingOptions options) => new TowerTrainer(options).Fit(
        dataset,
        dataset.Interactions,
        FeatureSpecs.For(dataset, options.Shape),
        TrainingCatalogue.Of(dataset, dataset.Interactions),
        null,
        null,
        TestContext.Current.CancellationToken);
}
