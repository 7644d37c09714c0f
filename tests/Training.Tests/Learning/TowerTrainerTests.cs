using System.Numerics.Tensors;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class TowerTrainerTests
{
    [Theory]
    [InlineData(UserTowerKind.Pooled)]
    [InlineData(UserTowerKind.Sequence)]
    public void Users_find_unseen_items_of_their_taste_before_all_others(UserTowerKind kind)
    {
        var dataset = TinyWorld.Make();
        var options = TinyWorld.Options with { Shape = TinyWorld.Options.Shape with { UserTower = kind } };
        var towers = TinyWorld.Train(dataset, options).Towers;
        var items = towers.InferItems();
        var dimensions = towers.Spec.Dimensions;
        for (var user = 0; user < 10; user++)
        {
            Interaction[] history = [.. dataset.Interactions.Where(interaction => interaction.User == user)];
            var vector = towers.InferUsers([history], items);
            var seen = history.Select(interaction => interaction.Item).ToHashSet();
            var ranked = Enumerable.Range(0, dataset.Items.Count)
                .Where(item => !seen.Contains(item))
                .OrderByDescending(item => TensorPrimitives.Dot(vector, items.AsSpan(item * dimensions, dimensions)))
                .ToList();
            Assert.All(ranked.Take(4), item => Assert.Equal(user % 2, item % 2));
        }
    }

    [Theory]
    [InlineData(UserTowerKind.Pooled)]
    [InlineData(UserTowerKind.Sequence)]
    public void The_same_seed_gives_the_same_vectors_and_another_seed_others(UserTowerKind kind)
    {
        var dataset = TinyWorld.Make();
        var options = TinyWorld.Options with { Epochs = 2, Shape = TinyWorld.Options.Shape with { UserTower = kind } };
        var first = TinyWorld.Train(dataset, options).Towers;
        var again = TinyWorld.Train(dataset, options).Towers;
        var other = TinyWorld.Train(dataset, options with { Seed = 2 }).Towers;
        Assert.Equal(first.InferItems(), again.InferItems());
        Assert.NotEqual(first.InferItems(), other.InferItems());
    }

    [Fact]
    public void The_towers_are_those_of_the_best_epoch_and_training_stops_after_the_patience()
    {
        var dataset = TinyWorld.Make();
        var metrics = new Queue<double>([0.1, 0.3, 0.2, 0.2, 0.9]);
        var vectors = new List<float[]>();
        var fitted = new TowerTrainer(TinyWorld.Options with { Patience = 2, TasteWeight = 1, PriorShifts = NoShifts }).Fit(
            dataset,
            dataset.Interactions,
            FeatureSpecs.For(dataset, TinyWorld.Options.Shape),
            TrainingCatalogue.Of(dataset, dataset.Interactions),
            TowerValidation.Of(towers =>
            {
                vectors.Add(towers.InferItems());
                return metrics.Dequeue();
            }),
            null,
            TestContext.Current.CancellationToken).Towers;
        Assert.Single(metrics);
        Assert.Equal(vectors[1], fitted.InferItems());
    }

    [Fact]
    public void Items_without_feedback_get_vectors_from_their_content()
    {
        var dataset = TinyWorld.Make();
        const int Cold = 0; // "even"
        var rest = dataset.Interactions.Where(interaction => interaction.Item != Cold).ToList();
        var catalogue = TrainingCatalogue.Of(dataset, rest);
        Assert.Equal(0, catalogue[Cold].IdIndex);
        var towers = new TowerTrainer(TinyWorld.Options).Fit(
            dataset, rest, FeatureSpecs.For(dataset, TinyWorld.Options.Shape), catalogue, null, null, TestContext.Current.CancellationToken).Towers;
        var items = towers.InferItems();
        var dimensions = towers.Spec.Dimensions;
        var own = towers.Items.Dimensions;
        double Mean(int taste) => Enumerable.Range(1, dataset.Items.Count - 1)
            .Where(item => item % 2 == taste)
            .Average(item => TensorPrimitives.CosineSimilarity(items.AsSpan(0, own), items.AsSpan(item * dimensions, own)));
        Assert.True(Mean(0) > Mean(1) + 0.3);
    }

    [Fact]
    public void Cancelling_stops_within_a_batch()
    {
        var dataset = TinyWorld.Make();
        var cancellation = new CancellationTokenSource();
        var batches = 0;
        Assert.Throws<OperationCanceledException>(() => new TowerTrainer(TinyWorld.Options).Fit(
            dataset,
            dataset.Interactions,
            FeatureSpecs.For(dataset, TinyWorld.Options.Shape),
            TrainingCatalogue.Of(dataset, dataset.Interactions),
            null,
            _ =>
            {
                batches++;
                cancellation.Cancel();
            },
            cancellation.Token));
        Assert.Equal(1, batches);
    }

    [Fact]
    public void Taste_weighs_as_much_beside_popularity_as_validation_prefers()
    {
        var fitted = Fit(TinyWorld.Options with { Epochs = 1 }, TowerValidation.Of(towers => towers.Prior.TasteWeight == 0.5 ? 0.4 : 0.3)).Towers;
        Assert.Equal(0.5, fitted.Prior.TasteWeight);
        Assert.Equal(fitted.Prior.Temperature, new PopularityPrior(1, TrainingOptions.TemperatureFor(24, UserTowerKind.Pooled, isTimed: true)).Temperature / 0.5, 1e-9);
        var given = Fit(TinyWorld.Options with { Epochs = 1, TasteWeight = 0.35 }, null).Towers;
        Assert.Equal(0.35, given.Prior.TasteWeight);
    }

    [Fact]
    public void Popularity_of_the_last_days_or_weeks_counts_as_much_as_validation_prefers()
    {
        var fitted = Fit(TinyWorld.Options with { Epochs = 1 }, TowerValidation.Of(
            towers => 1 - Math.Abs(towers.Prior.Shifts[1] - 0.4) - Math.Abs(towers.Prior.Shifts[3] + 0.2))).Towers;
        Assert.Equal([0, 0.4f, 0, -0.2f], fitted.Prior.Shifts.Select(shift => MathF.Round(shift, 3)));

        float[] shifts = [0, 0.6f, 0, -0.2f];
        var given = Fit(TinyWorld.Options with { Epochs = 1, TasteWeight = 1, PriorShifts = shifts }, null).Towers;
        var none = Fit(TinyWorld.Options with { Epochs = 1, TasteWeight = 1, PriorShifts = NoShifts }, null).Towers;
        var figures = given.Popularity.Of(given.Popularity.Intervals, 3);
        Assert.Equal(none.PriorsAt(none.Popularity.Intervals)[3] + (0.6f * figures[1]) - (0.2f * figures[3]), given.PriorsAt(given.Popularity.Intervals)[3], 1e-4f);
    }

    [Fact]
    public void A_prior_measured_alone_gives_the_scores_of_towers_that_are_inferred_anew()
    {
        var towers = Fit(TinyWorld.Options with { Epochs = 1 }, null).Towers;
        var history = TinyWorld.Make().Interactions.Take(3).ToArray();
        EvaluationCase[] cases = [new() { User = 0, History = history, Targets = [1], AskedAt = history[^1].UnixMilliseconds + 1 }];
        var before = new TowerScorer("before", towers, cases);
        (towers.Prior.TasteWeight, towers.Prior.Shifts) = (0.5, [0.1f, 0.2f, 0.3f, -0.4f]);
        towers.SettlePrior(towers.Popularity);
        before.RereadPrior(towers);
        Assert.All(Scores(before).Zip(Scores(new TowerScorer("anew", towers, cases))), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));

        float[] Scores(TowerScorer scorer)
        {
            var scores = new float[towers.Catalogue.Count];
            scorer.Score(cases[0], scores);
            return scores;
        }
    }

    [Fact]
    public void Towers_that_cannot_catch_up_with_others_are_given_up()
    {
        var asked = 0;
        double Metric(TowerPair towers) => 0.1 + (0.001 * ++asked);
        var fitted = Fit(TinyWorld.Options with { Epochs = 9, TasteWeight = 1, PriorShifts = NoShifts }, TowerValidation.Of(Metric), toBeat: 0.2).Towers;
        Assert.Equal(6, asked);
    }

    private static float[] NoShifts => new float[PopularityTimeline.Features];

    private static FittedTowers Fit(TrainingOptions options, TowerValidation? validate, double toBeat = double.NegativeInfinity)
    {
        var dataset = TinyWorld.Make();
        return new TowerTrainer(options).Fit(
            dataset,
            dataset.Interactions,
            FeatureSpecs.For(dataset, options.Shape),
            TrainingCatalogue.Of(dataset, dataset.Interactions),
            validate,
            null,
            TestContext.Current.CancellationToken,
            toBeat);
    }
}
