using System.Net;
using System.Text;
using System.Text.Json;
using ServerlessRec.Api.Tests.Fixtures;
using ServerlessRec.Api.Tests.Releases;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Api.Tests.Contract;

/// <summary>Events that can never be applied: made by the processor, seen and sent again over HTTP.</summary>
public sealed class DeadLetterTests
{
    [Fact]
    public async Task What_the_processor_could_not_apply_is_listed_with_place_and_reason_and_stays_when_it_is_still_wrong()
    {
        await using var server = await TestServer.StartAsync();
        var wrong = Event(new string('x', 300), "i1");

        // Past the door, which would have refused it; the good event behind it is not held up.
        await server.Log.AppendAsync([wrong, Event("good", "i2")], TestContext.Current.CancellationToken);

        await HotSwapTests.WaitForAsync(async () => (await LettersAsync(server)).Count > 0);
        var letter = Assert.Single(await LettersAsync(server));
        Assert.Contains("UserId", letter.GetProperty("Reason").GetString());
        Assert.Contains(wrong.UserId, letter.GetProperty("Payload").GetString());
        Assert.True(letter.GetProperty("Partition").GetInt32() >= 0 && letter.GetProperty("Sequence").GetInt64() >= 0);
        Assert.InRange(DateTimeOffset.UtcNow - letter.GetProperty("AcceptedAt").GetDateTimeOffset(), TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(5));
        Assert.Equal(1, (await server.Client.JsonAsync("/api/user/good/feedback")).GetArrayLength());

        Assert.Equal(0, await ReplayAsync(server));
        Assert.Single(await LettersAsync(server));
    }

    [Fact]
    public async Task A_letter_that_is_valid_by_now_is_applied_once_by_a_replay_and_leaves_the_list()
    {
        await using var server = await TestServer.StartAsync();
        var payload = Encoding.UTF8.GetBytes("""{"FeedbackType":"click","UserId":"late","ItemId":"i1","Value":2,"Timestamp":"2026-11-01T00:00:00Z"}""");
        var letter = new DeadLetter(new RawFeedback(3, 7, DateTimeOffset.UtcNow, payload), "a rule of yesterday");
        await new DeadLetters(server.Blobs).AppendAsync([letter, letter], TestContext.Current.CancellationToken);
        Assert.Equal("a rule of yesterday", Assert.Single(await LettersAsync(server)).GetProperty("Reason").GetString());

        Assert.Equal(1, await ReplayAsync(server));
        Assert.Equal(0, await ReplayAsync(server));

        Assert.Empty(await LettersAsync(server));
        var applied = await server.Client.JsonAsync("/api/user/late/feedback");
        Assert.Equal(2, Assert.Single(applied.EnumerateArray()).GetProperty("Value").GetDouble());
    }

    private static FeedbackEvent Event(string user, string item) =>
        new() { FeedbackType = "click", UserId = user, ItemId = item, Timestamp = DateTimeOffset.UtcNow };

    private static async Task<List<JsonElement>> LettersAsync(TestServer server) =>
        [.. (await server.Client.JsonAsync("/api/admin/dead-letters?n=10")).EnumerateArray()];

    private static async Task<int> ReplayAsync(TestServer server)
    {
        using var answer = await server.Client.PostAsync("/api/admin/dead-letters/replay", null, TestContext.Current.CancellationToken);
        return (await answer.JsonAsync(HttpStatusCode.OK)).GetProperty("RowAffected").GetInt32();
    }
}
