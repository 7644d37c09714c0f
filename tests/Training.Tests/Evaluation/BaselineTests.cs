using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Evaluation.Baselines;

namespace ServerlessRec.Training.Tests.Evaluation;

public sealed class BaselineTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public void Popularity_counts_interactions()
    {
        var dataset = Toy.Dataset(3, (0, 1, 1), (1, 1, 2), (1, 2, 3));

        Assert.Equal([0, 2, 1], Scores(new PopularityScorer(dataset, dataset.Interactions), Toy.Case([], [0]), 3));
    }

    [Fact]
    public void Recent_popularity_counts_the_days_before_the_question_and_nothing_later()
    {
        // Asked on day 10 with a window of 7 days: days 3 to 9 count.
        var dataset = Toy.Dataset(4, (0, 0, 1), (0, 0, 2), (0, 1, 3), (0, 2, 9), (0, 2, 9.5), (0, 3, 10), (0, 3, 11), (0, 3, 12));

        var scores = Scores(new RecentPopularityScorer(dataset, dataset.Interactions), Toy.Case([], [0], day: 10), 4);

        Assert.Equal([0, 1, 2, 0], scores.Select(score => MathF.Floor(score)));
    }

    [Fact]
    public void Recent_popularity_falls_back_on_all_time_popularity()
    {
        var dataset = Toy.Dataset(3, (0, 0, 1), (0, 1, 1), (0, 1, 2), (0, 2, 50));

        var scores = Scores(new RecentPopularityScorer(dataset, dataset.Interactions), Toy.Case([], [0], day: 51), 3);

        Assert.True(scores[2] > scores[1] && scores[1] > scores[0]);
    }

    [Fact]
    public void Item_neighbours_are_the_shrunk_cosine_computed_by_hand()
    {
        // Item 0: users 0 1 2; item 1: users 0 1; item 2: user 2; item 3: user 3. The repeat counts once.
        var dataset = Toy.Dataset(4, (0, 0, 1), (0, 0, 2), (1, 0, 1), (2, 0, 1), (0, 1, 1), (1, 1, 1), (2, 2, 1), (3, 3, 1));
        var scorer = new ItemKnnScorer(dataset, dataset.Interactions, new ItemKnnOptions { Shrinkage = 1 }, Stop);

        var scores = Scores(scorer, Toy.Case([0, 0], [1]), 4);

        Assert.Equal(2 / (Math.Sqrt(6) + 1), scores[1], 6);
        Assert.Equal(1 / (Math.Sqrt(3) + 1), scores[2], 6);
        Assert.True(scores[3] < 0);
    }

    [Fact]
    public void Item_neighbours_of_several_history_items_add_up()
    {
        var dataset = Toy.Dataset(3, (0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 2, 1));
        var scorer = new ItemKnnScorer(dataset, dataset.Interactions, new ItemKnnOptions { Shrinkage = 0 }, Stop);

        Assert.Equal(2 / Math.Sqrt(2), Scores(scorer, Toy.Case([0, 1], [2]), 3)[2], 6);
    }

    [Fact]
    public void Only_the_most_similar_items_are_kept()
    {
        // Item 0 shares 1, 2 and 3 users with items 1, 2 and 3.
        var dataset = Toy.Dataset(4, (0, 0, 1), (1, 0, 1), (2, 0, 1), (0, 1, 1), (0, 2, 1), (1, 2, 1), (0, 3, 1), (1, 3, 1), (2, 3, 1));
        var scorer = new ItemKnnScorer(dataset, dataset.Interactions, new ItemKnnOptions { Neighbors = 2, Shrinkage = 0 }, Stop);

        var scores = Scores(scorer, Toy.Case([0], [1]), 4);

        Assert.True(scores[3] > scores[2] && scores[2] > 0 && scores[1] < 0);
    }

    [Fact]
    public void Items_like_nothing_in_the_history_follow_by_popularity()
    {
        var dataset = Toy.Dataset(3, (0, 0, 1), (1, 1, 1), (2, 2, 1), (3, 2, 1));
        var scorer = new ItemKnnScorer(dataset, dataset.Interactions, null, Stop);

        var scores = Scores(scorer, Toy.Case([0], [1]), 3);

        Assert.True(scores[2] < 0 && scores[2] > scores[1]);
    }

    private static float[] Scores(IScorer scorer, EvaluationCase evaluationCase, int items)
    {
        var scores = new float[items];
        Array.Fill(scores, 123);
        scorer.Score(evaluationCase, scores);
        return scores;
    }
}
