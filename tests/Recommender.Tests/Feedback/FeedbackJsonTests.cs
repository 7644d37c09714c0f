using System.Text;
using System.Text.Json;
using CsCheck;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Recommender.Tests.Feedback;

public sealed class FeedbackJsonTests
{
    private static readonly Gen<string> Text = Gen.Char['\u0001', '\ud7ff'].Array[1, 30].Select(chars => new string(chars));

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Text, Text, Text, Gen.Double, Gen.Long[0, 4_000_000_000_000], Gen.Bool).Sample((type, user, item, value, time, flag) =>
        {
            var feedback = new FeedbackEvent
            {
                FeedbackType = type,
                UserId = user,
                ItemId = item,
                Value = double.IsFinite(value) ? value : 0.5,
                Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(time),
                LabelsJson = flag ? """{"a":[1,{"b":"c"}]}""" : null,
                Comment = flag ? item : "",
                EventId = flag ? user : null,
                RecommendationId = flag ? type : null,
                Overwrite = flag,
            };
            Assert.Equal((feedback, null), FeedbackJson.Read(Write(feedback), UserStates.Noon));
        }, iter: 1000);

    [Fact]
    public void A_missing_time_is_that_of_acceptance_and_unknown_fields_are_passed_over()
    {
        var (feedback, _) = Read("""{"More":{"deep":[1]},"UserId":"u","ItemId":"i","FeedbackType":"click","A_name_that_is_longer_than_any_known":1}""");
        Assert.Equal(new FeedbackEvent { UserId = "u", ItemId = "i", FeedbackType = "click", Timestamp = UserStates.Noon }, feedback);
    }

    [Theory]
    [InlineData("", "malformed")]
    [InlineData("null", "malformed")]
    [InlineData("[]", "malformed")]
    [InlineData("{", "malformed")]
    [InlineData("""{"UserId":"u"}{""", "malformed")]
    [InlineData("""{"ItemId":"i","FeedbackType":"click"}""", "UserId is missing")]
    [InlineData("""{"UserId":"","ItemId":"i","FeedbackType":"click"}""", "UserId is empty")]
    [InlineData("""{"UserId":null,"ItemId":"i","FeedbackType":"click"}""", "UserId is missing")]
    [InlineData("""{"UserId":7,"ItemId":"i","FeedbackType":"click"}""", "malformed")]
    [InlineData("""{"UserId":"u","ItemId":"i","FeedbackType":"click","Value":1e999}""", "Value is not finite")]
    [InlineData("""{"UserId":"u","ItemId":"i","FeedbackType":"click","Timestamp":"yesterday"}""", "malformed")]
    [InlineData("""{"UserId":"\ud800","ItemId":"i","FeedbackType":"click"}""", "malformed")]
    public void What_is_no_feedback_has_a_reason(string json, string reason)
    {
        var (feedback, fault) = Read(json);
        Assert.Null(feedback);
        Assert.StartsWith(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_is_too_long_is_told_with_its_length() =>
        Assert.Contains("257", Read($$"""{"UserId":"{{new string('x', 257)}}","ItemId":"i","FeedbackType":"click"}""").Fault, StringComparison.Ordinal);

    [Fact]
    public void Whatever_the_bytes_the_answer_is_a_feedback_or_a_reason() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        var (feedback, fault) = FeedbackJson.Read(bytes, UserStates.Noon);
        Assert.True(feedback is null != fault is null);
    }, iter: 2000);

    private static (FeedbackEvent? Feedback, string? Fault) Read(string json) => FeedbackJson.Read(Encoding.UTF8.GetBytes(json), UserStates.Noon);

    private static byte[] Write(FeedbackEvent feedback)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            FeedbackJson.Write(feedback, writer);
        }

        return bytes.ToArray();
    }
}
