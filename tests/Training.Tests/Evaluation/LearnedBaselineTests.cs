using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Evaluation.Baselines;

namespace ServerlessRec.Training.Tests.Evaluation;

public sealed class LearnedBaselineTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public void Ease_has_the_weights_computed_by_hand()
    {
        // G = [[2, 1], [1, 1]], λ = 1: P = inverse of [[3, 1], [1, 2]] = [[2, -1], [-1, 3]] / 5; B01 = -P01 / P11 = 1/3, B10 = 1/2.
        var dataset = Toy.Dataset(3, (0, 0, 1), (0, 1, 1), (1, 0, 1));
        var scorer = new EaseScorer(dataset, dataset.Interactions, new EaseOptions { Penalty = 1 });
        var scores = new float[3];

        scorer.Score(Toy.Case([0], [1]), scores);
        Assert.Equal(1f / 3, scores[1], 5);
        Assert.Equal(0, scores[0], 5);
        Assert.True(scores[2] < 0);

        scorer.Score(Toy.Case([1, 1], [0]), scores);
        Assert.Equal(0.5f, scores[0], 5);
    }

    [Fact]
    public void Ease_keeps_the_most_popular_items_and_puts_the_others_behind()
    {
        var dataset = Toy.Dataset(4, (0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1), (2, 2, 1), (3, 2, 1), (3, 0, 1), (4, 3, 1));
        var scorer = new EaseScorer(dataset, dataset.Interactions, new EaseOptions { MaxItems = 2, Penalty = 1 });
        var scores = new float[4];

        scorer.Score(Toy.Case([0], [1]), scores);

        Assert.True(scores[1] > 0 && scores[2] < 0 && scores[3] < scores[2]);
    }

    [Fact]
    public void Matrix_factorisation_finds_the_two_groups_of_a_divided_set()
    {
        var (dataset, cases) = TwoGroups();
        var scorer = new BprScorer(dataset, dataset.Interactions, new BprOptions { Dimensions = 8 }, Stop);

        var row = new Evaluator(dataset, dataset.Interactions).Run(scorer, cases, Stop);

        // By chance: 10 of the 28 items a user has not seen.
        Assert.True(row.AtK(10).HitRate > 0.75, $"{row.AtK(10).HitRate}");
    }

    [Fact]
    public void Matrix_factorisation_gives_the_same_scores_for_the_same_seed()
    {
        var (dataset, cases) = TwoGroups();
        var options = new BprOptions { Dimensions = 8, Epochs = 2 };

        Assert.Equal(Scores(options), Scores(options));
        Assert.NotEqual(Scores(options), Scores(options with { Seed = 2 }));

        float[] Scores(BprOptions with)
        {
            var scores = new float[dataset.Items.Count];
            new BprScorer(dataset, dataset.Interactions, with, Stop).Score(cases[0], scores);
            return scores;
        }
    }

    // Even users read even items, odd users odd ones, 12 of 40 each; asked for the next of the same kind.
    private static (Dataset Dataset, List<EvaluationCase> Cases) TwoGroups()
    {
        var random = new Random(5);
        var interactions = Enumerable.Range(0, 60)
            .SelectMany(user => Enumerable.Range(0, 12).Select(_ => (user, (random.Next(20) * 2) + (user % 2), 1.0)))
            .ToArray();
        var dataset = Toy.Dataset(40, interactions);
        var cases = Enumerable.Range(0, 60).Select(user =>
        {
            var history = dataset.Interactions.Where(i => i.User == user).ToArray();
            var target = Enumerable.Range(0, 20).Select(n => (n * 2) + (user % 2)).First(item => history.All(i => i.Item != item));
            return new EvaluationCase { User = user, History = history, Targets = [target] };
        }).ToList();
        return (dataset, cases);
    }
}
