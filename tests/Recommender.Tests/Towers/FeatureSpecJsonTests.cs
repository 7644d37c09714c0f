using System.Text;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Tests.Towers;

public sealed class FeatureSpecJsonTests
{
    private static readonly FeatureSpec Spec = new()
    {
        Dimensions = 64,
        HistoryLength = 50,
        FeedbackTypes = ["click", "buy"],
        Categories = ["Drama"],
        TextBuckets = 1024,
        Numbers = [new NumberFeature("year", 1990.5, 12.25)],
        Embeddings = [new EmbeddingFeature("image", 16)],
    };

    [Fact]
    public void A_spec_is_read_back_as_it_was_written()
    {
        var bytes = FeatureSpecJson.Write(Spec);
        var read = FeatureSpecJson.Read(bytes);
        Assert.Equal(bytes, FeatureSpecJson.Write(read));
        Assert.Equal(Spec.Numbers, read.Numbers);
        Assert.Equal(Spec.Embeddings, read.Embeddings);
        Assert.Equal(Spec.FeedbackTypes, read.FeedbackTypes);
        Assert.Equal(18, read.NumberWidth);
    }

    [Theory]
    [InlineData("", "readable")]
    [InlineData("null", "null")]
    [InlineData("[]", "readable")]
    [InlineData("{\"format\":1,\"historyLength\":5}", "dimensions")]
    public void A_file_that_is_no_spec_is_refused(string json, string named) => AssertRefused(json, named);

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "'format'")]
    [InlineData("\"format\": 1,", "", "'format'")]
    [InlineData("\"dimensions\": 64", "\"dimensions\": 4", "'dimensions'")]
    [InlineData("\"historyLength\": 50", "\"historyLength\": 0", "'historyLength'")]
    [InlineData("\"click\"", "\"buy\"", "'feedbackTypes'")]
    [InlineData("\"Drama\"", "null", "'categories'")]
    [InlineData("\"scale\": 12.25", "\"scale\": 0", "'numbers'")]
    [InlineData("\"dimensions\": 16", "\"dimensions\": 0", "'embeddings'")]
    public void A_value_out_of_range_is_refused_and_the_field_named(string good, string bad, string named)
    {
        var json = Encoding.UTF8.GetString(FeatureSpecJson.Write(Spec));
        Assert.Contains(good, json, StringComparison.Ordinal);
        AssertRefused(json.Replace(good, bad, StringComparison.Ordinal), named);
    }

    private static void AssertRefused(string json, string named)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => FeatureSpecJson.Read(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }
}
