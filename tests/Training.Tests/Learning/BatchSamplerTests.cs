using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class BatchSamplerTests
{
    private static readonly TrainingOptions Options = TinyWorld.Options with { HistoryDropout = 0, UniformNegatives = 6 };

    [Fact]
    public void Columns_are_distinct_and_each_label_is_its_pairs_target()
    {
        foreach (var batch in Batches())
        {
            var columns = batch.Columns.Select(place => batch.Items[place]).ToList();
            Assert.Equal(columns.Count, columns.Distinct().Count());
            Assert.Equal(batch.Items.Length, batch.Items.Distinct().Count());
            Assert.All(batch.LogInclusion, logarithm => Assert.InRange(logarithm, float.MinValue, 0));
        }
    }

    [Fact]
    public void A_history_never_holds_its_target()
    {
        foreach (var batch in Batches())
        {
            for (var row = 0; row < batch.Count; row++)
            {
                Assert.DoesNotContain(batch.Columns[batch.Labels[row]], HistoryOf(batch, row));
            }
        }
    }

    [Fact]
    public void All_columns_that_a_user_knows_are_masked()
    {
        foreach (var batch in Batches())
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var masked = batch.MaskedOf(row).ToArray();
                foreach (var item in HistoryOf(batch, row))
                {
                    var column = Array.IndexOf(batch.Columns, item);
                    Assert.True(column < 0 || masked.Contains(column));
                }
            }
        }
    }

    [Fact]
    public void An_epoch_holds_each_first_interaction_of_a_user_with_an_item_once()
    {
        var dataset = TinyWorld.Make();
        var distinct = dataset.Interactions.Select(interaction => (interaction.User, interaction.Item)).Distinct().Count();
        Assert.Equal(distinct, Batches().Sum(batch => batch.Count));
    }

    private static int[] HistoryOf(TrainingBatch batch, int row) =>
        batch.Histories.Places.AsSpan(row * batch.Histories.Stride, batch.Histories.Lengths[row]).ToArray();

    private static IEnumerable<TrainingBatch> Batches()
    {
        var dataset = TinyWorld.Make();
        var pairs = new TrainingPairs(dataset, dataset.Interactions, double.PositiveInfinity);
        int[] candidates = [.. Enumerable.Range(0, dataset.Items.Count)];
        return new BatchSampler(pairs, new PopularityTimeline(dataset.Items.Count, dataset.Interactions), candidates, Options, new Random(1)).Epoch();
    }
}
