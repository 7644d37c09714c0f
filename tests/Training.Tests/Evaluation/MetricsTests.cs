using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Tests.Evaluation;

public sealed class MetricsTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    // Item 0 is the best, item 5 the worst.
    private static readonly FixedScorer Descending = new(6, 5, 4, 3, 2, 1);

    [Fact]
    public void Metrics_of_one_list_are_those_computed_by_hand()
    {
        // List of 4: items 0 1 2 3. Targets 1, 3 and 5: found at ranks 2 and 4.
        var at = Run(4, Toy.Case([], [3, 1, 5]));

        Assert.Equal(2.0 / 3, at.Recall, 12);
        Assert.Equal(1, at.HitRate);
        Assert.Equal(1.0 / 2, at.Mrr, 12);
        var gain = (1 / Math.Log2(3)) + (1 / Math.Log2(5));
        var best = 1 + (1 / Math.Log2(3)) + (1 / Math.Log2(4));
        Assert.Equal(gain / best, at.Ndcg, 12);
    }

    [Fact]
    public void The_best_list_of_k_counts_as_best_when_there_are_more_targets_than_places()
    {
        var at = Run(2, Toy.Case([], [0, 1, 2, 3]));

        Assert.Equal(1, at.Ndcg, 12);
        Assert.Equal(0.5, at.Recall, 12);
    }

    [Fact]
    public void A_list_without_a_target_scores_nothing()
    {
        var at = Run(2, Toy.Case([], [5]));

        Assert.Equal((0, 0, 0, 0), (at.Recall, at.Ndcg, at.HitRate, at.Mrr));
    }

    [Fact]
    public void Figures_are_means_over_cases()
    {
        var at = Run(2, Toy.Case([], [0]), Toy.Case([], [1]), Toy.Case([], [4]));

        Assert.Equal(2.0 / 3, at.Recall, 12);
        Assert.Equal((1 + (1 / Math.Log2(3))) / 3, at.Ndcg, 12);
        Assert.Equal((1 + 0.5) / 3, at.Mrr, 12);
        Assert.Equal([0, 1, 2], at.Cases.Select(c => c.Case));
    }

    [Fact]
    public void Seen_items_are_neither_listed_nor_asked_for()
    {
        // Without 0 and 1 the list of 2 is 2 3; of the targets only 3 counts.
        var at = Run(2, Toy.Case([0, 1], [1, 3]));

        Assert.Equal(1, at.Recall, 12);
        Assert.Equal(0.5, at.Mrr, 12);
    }

    [Fact]
    public void A_case_whose_targets_were_all_seen_is_skipped_and_counted()
    {
        var row = Evaluate(new EvaluatorOptions { Ks = [2] }, Toy.Case([0], [0]), Toy.Case([0], [1]));

        Assert.Equal((1, 1), (row.Cases, row.SkippedCases));
        Assert.Equal(1, row.AtK(2).Recall, 12);
    }

    [Fact]
    public void Seen_items_are_ranked_when_repeats_are_wanted()
    {
        var row = Evaluate(new EvaluatorOptions { Ks = [1], ExcludeSeen = false }, Toy.Case([0], [0]));

        Assert.Equal(1, row.AtK(1).Recall, 12);
    }

    [Fact]
    public void Hidden_items_are_not_ranked()
    {
        var dataset = Toy.Dataset(6);
        dataset = dataset with { Items = [.. dataset.Items.Select((item, i) => item with { IsHidden = i == 0 })] };
        var row = new Evaluator(dataset, [], new EvaluatorOptions { Ks = [1] }).Run(Descending, [Toy.Case([], [1])], Stop);

        Assert.Equal(1, row.AtK(1).Recall, 12);
        Assert.Equal(1.0 / 5, row.AtK(1).Coverage, 12);
    }

    [Fact]
    public void Coverage_is_the_share_of_items_in_any_list()
    {
        // Lists of 2: {0, 1} and, with 0 seen, {1, 2}: three of six items.
        Assert.Equal(0.5, Run(2, Toy.Case([], [5]), Toy.Case([0], [5])).Coverage, 12);
    }

    [Fact]
    public void Novelty_and_popularity_bias_are_those_computed_by_hand()
    {
        // Of 4 users all know item 0, one knows item 1, nobody items 2 to 5 (half a user each).
        var learned = Toy.Dataset(6, (0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, 1), (3, 1, 1), (3, 1, 2)).Interactions;
        var row = new Evaluator(Toy.Dataset(6), learned, new EvaluatorOptions { Ks = [3] }).Run(Descending, [Toy.Case([], [5])], Stop);

        Assert.Equal((0 + 2 + 3) / 3.0, row.AtK(3).Novelty, 12);
        Assert.Equal((1 + (5 / 6.0) + (2.5 / 6)) / 3, row.AtK(3).PopularityBias, 12);
    }

    [Fact]
    public void A_scorer_that_cannot_tell_items_apart_gets_what_chance_gives()
    {
        const int items = 1000;
        var cases = Enumerable.Range(0, items).Select(item => Toy.Case([], [item])).ToList();
        var row = new Evaluator(Toy.Dataset(items), [], new EvaluatorOptions { Ks = [100] }).Run(new FixedScorer(new float[items]), cases, Stop);

        Assert.Equal(0.1, row.AtK(100).HitRate, 12);
        var firstHundred = row.AtK(100).Cases.Take(100).Sum(c => c.HitRate);
        Assert.InRange(firstHundred, 2, 25);
    }

    [Fact]
    public void The_figures_do_not_depend_on_the_number_of_threads()
    {
        var random = new Random(7);
        var dataset = Toy.Dataset(500);
        var cases = Enumerable.Range(0, 300).Select(_ => Toy.Case([random.Next(500)], [random.Next(500), random.Next(500)])).ToList();
        var scorer = new FixedScorer([.. Enumerable.Range(0, 500).Select(_ => (float)random.Next(20))]);

        var rows = new[] { 1, 2, 5 }.Select(threads =>
            new Evaluator(dataset, [], new EvaluatorOptions { Threads = threads }).Run(scorer, cases, Stop)).ToList();

        Assert.All(rows, row => Assert.Equal(rows[0].AtK(20) with { Cases = [] }, row.AtK(20) with { Cases = [] }));
        Assert.All(rows, row => Assert.Equal(rows[0].AtK(20).Cases, row.AtK(20).Cases));
    }

    [Fact]
    public void Not_a_number_is_refused_and_names_the_scorer()
    {
        var failure = Assert.Throws<ArithmeticException>(() => new Evaluator(Toy.Dataset(2), [])
            .Run(new FixedScorer(1, float.NaN), [Toy.Case([], [0])], Stop));

        Assert.Contains("'fixed'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("item 1", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData(0)]
    [InlineData(10, 1001)]
    public void Impossible_list_lengths_are_refused(params int[] ks) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Evaluator(Toy.Dataset(2), [], new EvaluatorOptions { Ks = ks }));

    private static MetricsAtK Run(int k, params EvaluationCase[] cases) => Evaluate(new EvaluatorOptions { Ks = [k] }, cases).AtK(k);

    private static EvaluationRow Evaluate(EvaluatorOptions options, params EvaluationCase[] cases) =>
        new Evaluator(Toy.Dataset(6), Array.Empty<Interaction>(), options).Run(Descending, cases, Stop);
}
