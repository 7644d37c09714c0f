using System.Numerics.Tensors;
using ServerlessRec.Training.Tests.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Towers;

public sealed class PopularityPriorTests
{
    [Fact]
    public void Dot_products_of_complete_vectors_order_items_by_cosine_over_temperature_plus_prior()
    {
        const double Temperature = 0.1;
        var random = new Random(5);
        var prior = new PopularityPrior(2, Temperature);
        float[] priors = [.. Enumerable.Range(0, 20).Select(_ => random.NextSingle() * 8)];
        int[] ids = [.. Enumerable.Range(1, 20)];
        prior.Settle(priors, ids);

        double? offset = null;
        for (var item = 0; item < ids.Length; item++)
        {
            var cosine = (random.NextSingle() * 2) - 1;
            var row = prior.Rows.AsSpan(ids[item] * PopularityPrior.Width, PopularityPrior.Width);
            var score = PopularityPrior.UserScale * ((prior.VectorScale * cosine) + row[0]);
            var wanted = (cosine / Temperature) + priors[item];
            offset ??= (score / (PopularityPrior.UserScale * prior.VectorScale * Temperature)) - wanted;
            Assert.Equal(offset.Value, (score / (PopularityPrior.UserScale * prior.VectorScale * Temperature)) - wanted, 1e-3);
        }
    }

    [Fact]
    public void Item_and_user_vectors_have_unit_length()
    {
        var dataset = TinyWorld.Make();
        var towers = TinyWorld.Untrained(dataset);
        var items = towers.InferItems();
        var users = towers.InferUsers([dataset.Interactions.Where(i => i.User == 1).ToArray()], items);
        foreach (var vector in items.Chunk(towers.Spec.Dimensions).Concat(users.Chunk(towers.Spec.Dimensions)))
        {
            Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 1e-5);
        }
    }

    [Fact]
    public void Items_without_an_id_get_the_median_prior()
    {
        var prior = new PopularityPrior(1, 1);
        prior.Settle([5, 0, 1, 2], [1, 0, 2, 3]);
        Assert.Equal(prior.Rows[3 * PopularityPrior.Width], prior.Rows[0]);
    }
}
