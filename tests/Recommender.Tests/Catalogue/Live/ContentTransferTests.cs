using System.Numerics.Tensors;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Recommender.Tests.Catalogue.Live;

/// <summary>Where items begin that training never saw.</summary>
public sealed class ContentTransferTests
{
    private readonly float[][] _contents = [.. Enumerable.Range(0, 400).Select(i => LearnedTowers.Direction(new Random(i)))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(399)]
    public async Task A_twin_of_a_known_item_begins_near_it_although_it_has_no_id(int known)
    {
        using var release = await LearnedTowers.LoadAsync(_contents);
        var full = Vector(release, $"item-{known}");
        var alone = new float[LearnedTowers.Dimensions];
        release.ItemTower.Infer([new CatalogueRow(LearnedTowers.ItemOf("alone", _contents[known]), 0, 0)], alone, Cancel);

        var twin = Add(release, LearnedTowers.ItemOf("twin", _contents[known]));

        // What was learned of the id is out of content's reach; the prior is another test's.
        Assert.InRange(Cosine(WithoutPrior(alone), WithoutPrior(full)), 0, .85);
        Assert.InRange(Cosine(WithoutPrior(twin), WithoutPrior(full)), .95, 1.0001);
        Assert.Equal(1, TensorPrimitives.Norm<float>(twin), 1e-5);
    }

    [Fact]
    public async Task An_item_unlike_all_others_keeps_the_direction_of_its_content()
    {
        var content = new float[LearnedTowers.Content];
        content[0] = 1;
        float[][] others = [.. _contents.Select(one => Without(one, 0))];
        using var release = await LearnedTowers.LoadAsync(others);

        var vector = Add(release, LearnedTowers.ItemOf("alone", content));

        Assert.Equal(1, Cosine(WithoutPrior(vector), content), 1e-4);
    }

    [Fact]
    public async Task A_new_item_gets_the_prior_of_the_upper_quartile_of_those_it_resembles()
    {
        // 16 alike at places 20, 40, … 320 by popularity: the fourth of them is the upper quartile.
        var alike = _contents[20];
        for (var i = 1; i <= 16; i++)
        {
            _contents[20 * i] = Near(alike, i);
        }

        using var release = await LearnedTowers.LoadAsync(_contents);

        var vector = Add(release, LearnedTowers.ItemOf("new", Near(alike, 99)));

        Assert.Equal(Vector(release, "item-80")[LearnedTowers.Content], vector[LearnedTowers.Content], .02);
    }

    [Fact]
    public async Task A_new_item_that_resembles_only_unpopular_ones_gets_the_median_prior()
    {
        var alike = _contents[200];
        for (var i = 0; i < 16; i++)
        {
            _contents[250 + i] = Near(alike, i);
        }

        using var release = await LearnedTowers.LoadAsync(_contents);

        var vector = Add(release, LearnedTowers.ItemOf("new", Near(alike, 99)));

        Assert.Equal(LearnedTowers.MedianPrior[0], vector[LearnedTowers.Content], .02);
    }

    [Fact]
    public async Task An_item_of_which_nothing_is_known_but_its_id_is_like_no_other()
    {
        using var release = await LearnedTowers.LoadAsync(_contents);
        var alone = new float[LearnedTowers.Dimensions];
        release.ItemTower.Infer([new CatalogueRow(new Item { ItemId = "blank" }, 0, 0)], alone, Cancel);

        var blank = Add(release, new Item { ItemId = "blank" });

        Assert.Equal(MathF.Abs(TensorPrimitives.Dot<float>(alone, blank)), TensorPrimitives.Norm<float>(alone) * TensorPrimitives.Norm<float>(blank), 1e-4);
    }

    private static float[] Add(LoadedRelease release, Item item)
    {
        Assert.Empty(release.Catalogue.Apply([CatalogueChange.Put(item)], 1, Cancel));
        return Vector(release, item.ItemId);
    }

    private static float[] Vector(LoadedRelease release, string itemId)
    {
        Assert.True(release.Catalogue.TryFind(itemId, out var ordinal));
        var vector = new float[LearnedTowers.Dimensions];
        release.Catalogue.CopyVector(ordinal, vector);
        return vector;
    }

    private static float[] Near(float[] direction, int seed)
    {
        float[] near = [.. direction.Zip(LearnedTowers.Direction(new Random(1000 + seed)), (x, noise) => x + (.05f * noise))];
        TensorPrimitives.Divide(near, TensorPrimitives.Norm<float>(near), near);
        return near;
    }

    private static float[] Without(float[] direction, int place)
    {
        var without = direction.ToArray();
        without[place] = 0;
        TensorPrimitives.Divide(without, TensorPrimitives.Norm<float>(without), without);
        return without;
    }

    private static float[] WithoutPrior(float[] vector) => vector[..LearnedTowers.Content];

    private static double Cosine(float[] one, float[] other) => TensorPrimitives.CosineSimilarity<float>(one, other);
}
