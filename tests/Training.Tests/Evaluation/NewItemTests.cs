using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Evaluation.NewItems;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Tests.Learning;

namespace ServerlessRec.Training.Tests.Evaluation;

public sealed class NewItemTests
{
    private static readonly Dataset World = TinyWorld.Make(users: 200, itemsOfATaste: 250);

    [Fact]
    public void Nothing_is_learned_of_items_held_out_and_only_they_are_ranked_and_asked_for()
    {
        var split = Split();
        var ranked = Enumerable.Range(0, World.Items.Count).Where(item => !split.Ranked.Items[item].IsHidden).ToHashSet();
        Assert.Equal(split.Items, ranked.Count);
        Assert.DoesNotContain(split.Learned, interaction => ranked.Contains(interaction.Item));
        Assert.All(split.Cases, asked => Assert.Subset(ranked, asked.Targets.ToHashSet()));
        Assert.Equal(World.Interactions.Count - split.Learned.Count, split.Cases.Sum(asked => asked.Targets.Count));
    }

    [Fact]
    public void Too_few_items_are_not_held_out() => Assert.Null(NewItemSplit.Of(TinyWorld.Make(), _ => true));

    [Fact]
    public void A_random_order_finds_what_chance_finds()
    {
        var split = Split();
        var row = new Evaluator(split.Ranked, split.Learned).Run(new RandomOrderScorer(), split.Cases, TestContext.Current.CancellationToken);
        Assert.Equal(20.0 / split.Items, row.AtK(20).Recall, 0.05);
    }

    [Fact]
    public void Content_alone_tells_the_model_which_new_items_a_user_wants()
    {
        var split = Split();
        var towers = new TowerTrainer(TinyWorld.Options with { Epochs = 3 }).Fit(
            World,
            split.Learned,
            FeatureSpecs.For(World, TinyWorld.Options.Shape),
            TrainingCatalogue.Of(World, split.Learned),
            null,
            null,
            TestContext.Current.CancellationToken).Towers;
        var evaluator = new Evaluator(split.Ranked, split.Learned);
        double Recall(IScorer scorer) => evaluator.Run(scorer, split.Cases, TestContext.Current.CancellationToken).AtK(20).Recall;
        Assert.True(Recall(new TowerScorer("model", towers, split.Cases)) > 1.5 * Recall(new RandomOrderScorer()));
    }

    [Fact]
    public void A_category_is_as_popular_as_its_items_are_on_average()
    {
        var dataset = Toy.Dataset(4, (0, 0, 1), (1, 0, 2), (0, 1, 3), (1, 2, 4));
        string[][] categories = [["a"], ["a"], ["b"], ["a", "b"]];
        dataset = dataset with { Items = [.. dataset.Items.Select((item, number) => item with { Categories = categories[number] })] };
        var scores = new float[4];
        new CategoryPopularityScorer(dataset, dataset.Interactions).Score(Toy.Case([], [3]), scores);
        Assert.Equal([1.5f, 1.5f, 1, 1.25f], scores);
    }

    private static NewItemSplit Split() => NewItemSplit.Of(World, _ => true)!;
}
