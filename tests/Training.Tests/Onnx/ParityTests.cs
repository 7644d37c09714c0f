using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Publishing;
using ServerlessRec.Training.Tests.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Onnx;

public sealed class ParityTests
{
    [Theory]
    [InlineData(UserTowerKind.Pooled)]
    [InlineData(UserTowerKind.Sequence)]
    public void Exported_towers_compute_what_the_networks_do_over_ragged_shapes_and_nonzero_biases(UserTowerKind kind)
    {
        var dataset = TinyWorld.Make(users: 200, itemsOfATaste: 30);
        var towers = TinyWorld.Untrained(dataset, kind: kind);
        var difference = ParityCheck.Measure(
            towers, ExportedTowers.Of(towers), towers.InferItems(), dataset, ImportedHistories.Timelines(dataset));
        Assert.InRange(difference, 0, 1e-5f);
    }

    [Fact]
    public void Exported_towers_of_items_without_content_compute_what_the_networks_do()
    {
        var dataset = TinyWorld.Make();
        dataset = dataset with { Items = [.. dataset.Items.Select(item => new Item { ItemId = item.ItemId })] };
        var towers = TinyWorld.Untrained(dataset);
        Assert.False(towers.Items.HasContent);
        var difference = ParityCheck.Measure(
            towers, ExportedTowers.Of(towers), towers.InferItems(), dataset, ImportedHistories.Timelines(dataset));
        Assert.InRange(difference, 0, 1e-5f);
    }

    [Fact]
    public void A_weight_that_changes_between_training_and_export_stops_the_release()
    {
        var dataset = TinyWorld.Make();
        var towers = TinyWorld.Untrained(dataset);
        var exported = ExportedTowers.Of(towers);
        ((PooledTowerNetwork)towers.Users).Mlp.SecondBias.Numbers[0] += 0.01f;
        Assert.Throws<ParityException>(() => ParityCheck.Measure(
            towers, exported, towers.InferItems(), dataset, ImportedHistories.Timelines(dataset)));
    }

    [Fact]
    public void Items_without_id_categories_words_or_numbers_still_get_a_vector()
    {
        var dataset = TinyWorld.Make();
        var towers = TinyWorld.Untrained(dataset);
        using var tower = new ItemTower(towers.Spec, ExportedTowers.Of(towers).ItemTower);
        var vector = new float[towers.Spec.Dimensions];
        tower.Infer([new CatalogueRow(new Item { ItemId = "new" }, 0, 0)], vector, TestContext.Current.CancellationToken);
        Assert.All(vector, number => Assert.True(float.IsFinite(number)));
        Assert.Contains(vector, number => number != 0);
    }
}
