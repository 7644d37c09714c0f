using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Tests.Towers;

public sealed class ItemFeatureEncoderTests
{
    private static readonly FeatureSpec Spec = new()
    {
        Dimensions = 8,
        HistoryLength = 10,
        Categories = ["Drama", "Comedy", "War"],
        MaxCategories = 2,
        TextBuckets = 100_000,
        MaxWords = 4,
        Numbers = [new NumberFeature("year", 2000, 10), new NumberFeature("price", 0, 1)],
        Embeddings = [new EmbeddingFeature("image", 2)],
    };

    [Fact]
    public void Known_categories_share_the_weight_and_unknown_ones_are_left_out()
    {
        var inputs = Encode(new Item { ItemId = "1", Categories = ["Nope", "War", "Drama", "Comedy"] });
        Assert.Equal([3L, 1L], inputs.CategoryIds.ToArray());
        Assert.Equal([.5f, .5f], inputs.CategoryWeights.ToArray());
    }

    [Fact]
    public void Numbers_are_standardised_limited_and_flagged()
    {
        Assert.Equal([-.5f, 1f, 10f, 1f, 0f, 0f], Encode(Labelled("""{"year":1995,"price":1e9}""")).Numbers.ToArray());
        Assert.Equal(new float[6], Encode(Labelled("""{"year":"1995","price":null}""")).Numbers.ToArray());
        Assert.Equal([0f, 0f, 1f, 1f, 0f, 0f], Encode(Labelled("""{"price":true,"nested":{"year":1995}}""")).Numbers.ToArray());
    }

    [Fact]
    public void Embeddings_have_unit_length_or_are_zero()
    {
        Assert.Equal([.6f, .8f], Encode(Labelled("""{"image":[3,4]}""")).Numbers.ToArray()[4..]);
        foreach (var bad in (string[])["[3]", "[3,4,5]", "[3,\"4\"]", "[0,0]", "{}", "[[3,4]]", "[1e300,1]", "\"x\""])
        {
            Assert.Equal([0f, 0f], Encode(Labelled($$"""{"image":{{bad}}}""")).Numbers.ToArray()[4..]);
        }
    }

    [Fact]
    public void Words_of_title_and_labels_share_the_weight()
    {
        var inputs = Encode(new Item { ItemId = "1", Comment = "Toy Story", LabelsJson = """{"studio":"Pixar","tags":["toy"]}""" });
        Assert.Equal([.5f, .25f, .25f, 0f], inputs.TextWeights.ToArray());
        Assert.Equal(Encode(new Item { ItemId = "2", Comment = "toy toy story pixar" }).TextIds.ToArray(), inputs.TextIds.ToArray());
    }

    [Fact]
    public void Labels_that_are_no_json_are_refused_and_the_item_named()
    {
        var refusal = Assert.Throws<InvalidDataException>(() => Encode(Labelled("{")));
        Assert.Contains("'labelled'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reused_inputs_hold_nothing_of_the_batch_before()
    {
        var encoder = new ItemFeatureEncoder(Spec);
        var inputs = new ItemInputs();
        CatalogueRow full = new(new Item { ItemId = "1", Comment = "a b c d", Categories = ["War", "Drama"], LabelsJson = """{"year":1,"image":[1,1]}""" }, 7, 0);
        CatalogueRow empty = new(new Item { ItemId = "2" }, 0, 0);
        encoder.Encode([full, full], 0, 2, inputs);
        encoder.Encode([full, empty], 1, 1, inputs);
        Assert.Equal(1, inputs.Count);
        Assert.Equal([0L], inputs.ItemIds.ToArray());
        Assert.All(inputs.CategoryIds.ToArray(), id => Assert.Equal(0, id));
        Assert.All(inputs.TextWeights.ToArray(), weight => Assert.Equal(0, weight));
        Assert.All(inputs.Numbers.ToArray(), number => Assert.Equal(0, number));
    }

    private static Item Labelled(string json) => new() { ItemId = "labelled", LabelsJson = json };

    private static ItemInputs Encode(Item item) => new ItemFeatureEncoder(Spec).Encode([new CatalogueRow(item, 0, 0)]);
}
