using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Tests.Evaluation;

public sealed class SplitTests
{
    [Fact]
    public void A_time_split_learns_nothing_from_the_window_or_later()
    {
        // Ten interactions, one a day: train days 0-7, validation day 8, test day 9.
        var dataset = Toy.Dataset(10, [.. Enumerable.Range(0, 10).Select(day => (day % 2, day, (double)day))]);

        var split = TimeSplit.Split(dataset);

        Assert.Equal(Enumerable.Range(0, 8), split.Train.Select(i => i.Item));
        Assert.Equal(Enumerable.Range(0, 9), split.BeforeTest.Select(i => i.Item));
        var validation = Assert.Single(split.Validation);
        Assert.Equal((0, 8), (validation.User, Assert.Single(validation.Targets)));
        Assert.Equal([0, 2, 4, 6], validation.History.ToArray().Select(i => i.Item));
        var test = Assert.Single(split.Test);
        Assert.Equal((1, 9), (test.User, Assert.Single(test.Targets)));
        Assert.Equal([1, 3, 5, 7], test.History.ToArray().Select(i => i.Item));
        Assert.Equal(9 * 86_400_000L, test.AskedAt);
    }

    [Fact]
    public void A_test_history_holds_the_validation_window()
    {
        var dataset = Toy.Dataset(10, [.. Enumerable.Range(0, 10).Select(day => (0, day, (double)day))]);

        var test = Assert.Single(TimeSplit.Split(dataset).Test);

        Assert.Equal(Enumerable.Range(0, 9), test.History.ToArray().Select(i => i.Item));
    }

    [Fact]
    public void Equal_timestamps_are_never_cut_apart()
    {
        // The last four share a moment: the test boundary at 90 % moves to its beginning.
        var dataset = Toy.Dataset(10, [.. Enumerable.Range(0, 10).Select(n => (0, n, Math.Min(n, 6.0)))]);

        var split = TimeSplit.Split(dataset, new TimeSplitOptions { ValidationFrom = 0.3 });

        Assert.Equal([6, 7, 8, 9], Assert.Single(split.Test).Targets);
    }

    [Fact]
    public void Users_without_enough_history_are_not_asked()
    {
        var dataset = Toy.Dataset(
            10, (0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3), (0, 4, 4), (0, 5, 5), (0, 6, 6), (0, 7, 7), (0, 8, 8), (0, 9, 9), (1, 9, 9));

        Assert.Single(TimeSplit.Split(dataset).Test);
        Assert.Equal(2, TimeSplit.Split(dataset, new TimeSplitOptions { MinHistory = 0 }).Test.Count);
        Assert.Empty(TimeSplit.Split(dataset, new TimeSplitOptions { MinHistory = 10 }).Test);
    }

    [Fact]
    public void A_repeated_item_is_one_target()
    {
        var dataset = Toy.Dataset(
            10, (0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3), (0, 4, 4), (0, 5, 5), (0, 6, 6), (0, 7, 7), (0, 9, 9), (0, 9, 9));

        Assert.Equal([9], Assert.Single(TimeSplit.Split(dataset, new TimeSplitOptions { ValidationFrom = 0.6, TestFrom = 0.8 }).Test).Targets);
    }

    [Fact]
    public void Only_interactions_that_count_become_targets_but_histories_hold_all()
    {
        var dataset = Toy.Dataset(10, [.. Enumerable.Range(0, 10).Select(day => (0, day, (double)day))]);
        var options = new TimeSplitOptions { ValidationFrom = 0.4, TestFrom = 0.6, IsTarget = i => i.Item % 2 == 1 };

        var test = Assert.Single(TimeSplit.Split(dataset, options).Test);

        Assert.Equal([7, 9], test.Targets);
        Assert.Equal(6, test.History.Length);
    }

    [Fact]
    public void A_time_split_of_simultaneous_interactions_says_what_to_do()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => TimeSplit.Split(Toy.Dataset(3, (0, 0, 1), (0, 1, 1), (0, 2, 1))));

        Assert.Contains("leave-one-out", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0.9)]
    [InlineData(0.9, 0.9)]
    [InlineData(0.8, 1)]
    [InlineData(double.NaN, 0.9)]
    public void Impossible_shares_are_refused(double validation, double test) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeSplit.Split(
            Toy.Dataset(1, (0, 0, 0)), new TimeSplitOptions { ValidationFrom = validation, TestFrom = test }));

    [Fact]
    public void Leave_one_out_asks_for_the_last_and_the_one_before()
    {
        var dataset = Toy.Dataset(9, (0, 0, 0), (0, 1, 1), (1, 5, 1.5), (0, 2, 2), (1, 6, 2.5), (0, 3, 3));

        var split = LeaveOneOutSplit.Split(dataset);

        Assert.Equal([0, 1, 5, 6], split.Train.Select(i => i.Item).Order());
        Assert.Equal([0, 1, 2, 5, 6], split.BeforeTest.Select(i => i.Item).Order());
        var validation = Assert.Single(split.Validation);
        Assert.Equal([2], validation.Targets);
        Assert.Equal([0, 1], validation.History.ToArray().Select(i => i.Item));
        var test = Assert.Single(split.Test);
        Assert.Equal([3], test.Targets);
        Assert.Equal([0, 1, 2], test.History.ToArray().Select(i => i.Item));
    }

    [Fact]
    public void Leave_one_out_passes_over_interactions_that_do_not_count()
    {
        var dataset = Toy.Dataset(9, (0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3), (0, 4, 4));

        var test = Assert.Single(LeaveOneOutSplit.Split(dataset, new LeaveOneOutOptions { IsTarget = i => i.Item % 2 == 0 }).Test);

        Assert.Equal([4], test.Targets);
        Assert.Equal(4, test.History.Length);
    }

    [Fact]
    public void Leave_one_out_asks_for_new_items_unless_repeats_are_wanted()
    {
        var dataset = Toy.Dataset(9, (0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3), (0, 3, 4), (0, 0, 5));

        var test = Assert.Single(LeaveOneOutSplit.Split(dataset).Test);
        var withRepeats = Assert.Single(LeaveOneOutSplit.Split(dataset, new LeaveOneOutOptions { AllowRepeats = true }).Test);

        Assert.Equal((3, 3), (Assert.Single(test.Targets), test.History.Length));
        Assert.Equal((0, 5), (Assert.Single(withRepeats.Targets), withRepeats.History.Length));
        Assert.DoesNotContain(LeaveOneOutSplit.Split(dataset).BeforeTest, i => i.Item == 3);
    }

    [Fact]
    public void Negative_feedback_and_values_below_the_least_are_no_targets()
    {
        var dataset = Toy.Dataset(1) with { FeedbackTypes = ["like", "Hide", "rating"] };
        var isPositive = (PositiveFeedback.Default with { LeastValues = new Dictionary<string, double> { ["rating"] = 4 } }).In(dataset);

        Assert.True(isPositive(new Interaction(0, 0, 0, -1, 0)));
        Assert.False(isPositive(new Interaction(0, 0, 1, 1, 0)));
        Assert.False(isPositive(new Interaction(0, 0, 2, 3.5f, 0)));
        Assert.True(isPositive(new Interaction(0, 0, 2, 4, 0)));
    }

    [Fact]
    public void Histories_never_reach_beyond_the_moment_of_the_question()
    {
        var random = new Random(3);
        var dataset = Toy.Dataset(
            50, [.. Enumerable.Range(0, 2000).Select(_ => (random.Next(40), random.Next(50), random.NextDouble() * 30))]);

        foreach (var split in new[] { TimeSplit.Split(dataset), LeaveOneOutSplit.Split(dataset) })
        {
            foreach (var asked in split.Validation.Concat(split.Test))
            {
                Assert.All(asked.History.ToArray(), (Interaction i) => Assert.True(i.UnixMilliseconds <= asked.AskedAt && i.User == asked.User));
            }
        }
    }
}
