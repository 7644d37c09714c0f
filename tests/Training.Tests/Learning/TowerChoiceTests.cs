using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class TowerChoiceTests
{
    [Fact]
    public void Data_without_an_order_gets_the_pooled_tower_over_all_of_a_history()
    {
        var dataset = TinyWorld.Make();
        var shape = Assert.Single(TowerChoice.Of(new TrainingOptions(), Split(dataset, isOrdered: false)));
        Assert.Equal((UserTowerKind.Pooled, 200), (shape.UserTower, shape.HistoryLength));
    }

    [Theory]
    [InlineData(6, 50)]
    [InlineData(60, 100)]
    [InlineData(130, 200)]
    public void Data_with_an_order_tries_both_towers_and_the_sequence_reads_as_far_as_histories_go(int entries, int length)
    {
        var interactions = Enumerable.Range(0, entries * 5).Select(place => new Interaction(place % 5, place % 24, 0, 1, place * 86_400_000L));
        var shapes = TowerChoice.Of(new TrainingOptions(), Split(TinyWorld.Make(users: 5) with { Interactions = [.. interactions] }, isOrdered: true));
        Assert.Equal([(UserTowerKind.Pooled, 50), (UserTowerKind.Sequence, length)], shapes.Select(shape => (shape.UserTower, shape.HistoryLength)));
    }

    [Fact]
    public void A_tower_that_was_asked_for_is_the_only_one_tried()
    {
        var shapes = TowerChoice.Of(new TrainingOptions { UserTower = UserTowerKind.Sequence }, Split(TinyWorld.Make(), isOrdered: true));
        Assert.Equal(UserTowerKind.Sequence, Assert.Single(shapes).UserTower);
    }

    private static EvaluationSplit Split(Dataset dataset, bool isOrdered) => new()
    {
        Dataset = dataset,
        Protocol = "",
        Train = dataset.Interactions,
        BeforeTest = dataset.Interactions,
        Validation = [],
        Test = [],
        IsOrdered = isOrdered,
    };
}
