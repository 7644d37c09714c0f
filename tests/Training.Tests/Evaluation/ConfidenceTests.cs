using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Tests.Evaluation;

public sealed class ConfidenceTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public void The_interval_of_a_mean_is_about_two_standard_errors_each_way()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 400).Select(_ => random.NextDouble()).ToArray();

        var interval = Bootstrap.OfMean(values);

        var error = Math.Sqrt(1.0 / 12 / 400);
        Assert.Equal(values.Average(), interval.Mean, 12);
        Assert.InRange(interval.Mean - interval.Low, 1.7 * error, 2.3 * error);
        Assert.InRange(interval.High - interval.Mean, 1.7 * error, 2.3 * error);
        Assert.Equal(interval, Bootstrap.OfMean(values));
    }

    [Fact]
    public void A_steady_small_lead_shows_in_the_difference_though_the_intervals_overlap()
    {
        var random = new Random(2);
        var weak = Enumerable.Range(0, 300).Select(_ => random.NextDouble()).ToArray();
        var strong = weak.Select(value => value + 0.01 + (0.02 * (random.NextDouble() - 0.5))).ToArray();

        Assert.True(Bootstrap.OfMean(strong).Low < Bootstrap.OfMean(weak).High);
        Assert.True(Bootstrap.OfDifference(strong, weak).Low > 0);
        Assert.True(Bootstrap.OfDifference(weak, weak) is { Low: 0, High: 0 });
        Assert.Throws<ArgumentException>(() => Bootstrap.OfDifference(weak, weak.AsSpan(1)));
    }

    [Fact]
    public void Segments_split_users_by_history_and_targets_by_popularity()
    {
        // Users 0 to 7 know item 0, one of them item 1, nobody item 2: 8 of 9 interactions are the head.
        var learned = Toy.Dataset(3, [.. Enumerable.Range(0, 8).Select(user => (user, 0, 1.0)), (7, 1, 2.0)]).Interactions;
        var cases = new[] { Toy.Case([], [0, 1]), Toy.Case([2, 2, 2, 2, 2], [1]) };

        var row = new Evaluator(Toy.Dataset(3), learned, new EvaluatorOptions { Ks = [1] }).Run(new FixedScorer(3, 2, 1), cases, Stop);

        Assert.Equal([1, 1, 0, 1, 2, 0], row.Segments.Select(segment => segment.Cases));
        Assert.Equal([0.5, 0, 0, 1, 0, 0], row.Segments.Select(segment => segment.At[0].Recall));
    }
}
