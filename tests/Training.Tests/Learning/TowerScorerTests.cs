using System.Numerics.Tensors;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class TowerScorerTests
{
    [Fact]
    public void Evaluation_orders_items_exactly_as_the_vectors_of_a_release_do()
    {
        var dataset = TinyWorld.Make();
        var towers = TinyWorld.Untrained(dataset);
        var history = dataset.Interactions.Where(interaction => interaction.User == 2).ToArray();
        var asked = new EvaluationCase { User = 2, History = history, Targets = [0], AskedAt = dataset.Interactions[^1].UnixMilliseconds + 1 };
        var scores = new float[dataset.Items.Count];
        new TowerScorer("model", towers, [asked]).Score(asked, scores);

        var items = towers.InferItems();
        var user = towers.InferUsers([history], items);
        var products = items.Chunk(towers.Spec.Dimensions).Select(item => TensorPrimitives.Dot<float>(item, user)).ToArray();
        var byScore = Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item]);
        var byProduct = Enumerable.Range(0, scores.Length).OrderByDescending(item => products[item]);
        Assert.Equal(byProduct, byScore);
    }
}
