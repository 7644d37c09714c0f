using System.Net;
using System.Text;
using System.Text.Json;
using ServerlessRec.Api.Tests.Fixtures;
using ServerlessRec.Api.Tests.Releases;

namespace ServerlessRec.Api.Tests.Contract;

/// <summary>Feedback, items and users over HTTP, and what the next answers make of them.</summary>
public sealed class WriteTests
{
    private const string Vector = """{"vector":[1,0,0,0,0,0,0,0]}""";

    [Fact]
    public async Task Feedback_changes_the_next_recommendations_without_a_restart()
    {
        await using var server = await ReadyAsync();
        var before = await ListAsync(server, "/api/recommend/u1?n=20");

        Assert.Equal(1, await SendAsync(server, HttpMethod.Post, "/api/feedback", $$"""[{"FeedbackType":"click","UserId":"u1","ItemId":"{{before[0]}}"}]"""));

        await HotSwapTests.WaitForAsync(async () => !(await ListAsync(server, "/api/recommend/u1?n=20")).Contains(before[0]));
        Assert.Contains(before[0], await HistoryAsync(server, "u1"));
    }

    [Fact]
    public async Task A_user_that_nobody_knew_is_created_by_feedback()
    {
        await using var server = await ReadyAsync();

        await SendAsync(server, HttpMethod.Post, "/api/feedback/", """[{"FeedbackType":"like","UserId":"new","ItemId":"i5","Timestamp":"2022-11-20T13:55:27Z"}]""");

        await HotSwapTests.WaitForAsync(async () => (await HistoryAsync(server, "new")).Count == 1);
        Assert.Equal("new", (await server.Client.JsonAsync("/api/user/new")).GetProperty("UserId").GetString());
        var one = await server.Client.JsonAsync("/api/feedback/like/new/i5");
        Assert.Equal("2022-11-20T13:55:27Z", one.GetProperty("Timestamp").GetString());
    }

    [Fact]
    public async Task A_repeat_adds_its_value_and_a_put_replaces_it_and_an_event_id_counts_once()
    {
        await using var server = await ReadyAsync();
        var post = """[{"FeedbackType":"read","UserId":"r","ItemId":"i5","Value":2,"Timestamp":"2026-01-01T00:00:00Z","EventId":"e1"}]""";
        await SendAsync(server, HttpMethod.Post, "/api/feedback", post);
        await SendAsync(server, HttpMethod.Post, "/api/feedback", post);
        await SendAsync(server, HttpMethod.Post, "/api/feedback", """[{"FeedbackType":"read","UserId":"r","ItemId":"i5","Value":3,"Timestamp":"2026-01-01T00:00:01Z"}]""");
        await HotSwapTests.WaitForAsync(async () => await ValueAsync(server) == 5);

        await SendAsync(server, HttpMethod.Put, "/api/feedback", """[{"FeedbackType":"read","UserId":"r","ItemId":"i5","Value":1.5,"Timestamp":"2026-01-01T00:00:02Z"}]""");
        await HotSwapTests.WaitForAsync(async () => await ValueAsync(server) == 1.5);

        static async Task<double> ValueAsync(TestServer server)
        {
            var list = await server.Client.JsonAsync("/api/user/r/feedback/read");
            return list.GetArrayLength() == 1 ? list[0].GetProperty("Value").GetDouble() : 0;
        }
    }

    [Fact]
    public async Task A_batch_with_one_wrong_element_is_refused_whole()
    {
        await using var server = await ReadyAsync();
        using var answer = await RawAsync(
            server, HttpMethod.Post, "/api/feedback", """[{"FeedbackType":"click","UserId":"half","ItemId":"i1"},{"FeedbackType":"click","UserId":"half"}]""");
        await answer.JsonAsync(HttpStatusCode.BadRequest);

        // What comes behind it is applied after it would have been.
        await SendAsync(server, HttpMethod.Post, "/api/feedback", """[{"FeedbackType":"click","UserId":"half","ItemId":"i2"}]""");
        await HotSwapTests.WaitForAsync(async () => (await HistoryAsync(server, "half")).Count > 0);
        Assert.Equal(["i2"], await HistoryAsync(server, "half"));
    }

    [Fact]
    public async Task Write_back_makes_feedback_of_what_was_recommended()
    {
        await using var server = await ReadyAsync();

        var shown = await ListAsync(server, "/api/recommend/w?n=3&write-back-type=read&write-back-delay=1h");

        await HotSwapTests.WaitForAsync(async () => (await HistoryAsync(server, "w")).Count == 3);
        Assert.Equal(shown.Order(), (await HistoryAsync(server, "w")).Order());
        var time = (await server.Client.JsonAsync("/api/user/w/feedback"))[0].GetProperty("Timestamp").GetDateTimeOffset();
        Assert.True(time > DateTimeOffset.UtcNow.AddMinutes(50));
    }

    [Fact]
    public async Task A_new_item_is_recommended_to_whom_it_fits_and_disappears_when_hidden_or_deleted()
    {
        await using var server = await ReadyAsync();
        Assert.Equal(1, await SendAsync(server, HttpMethod.Post, "/api/item", $$"""{"ItemId":"seed","Labels":{{Vector}},"Categories":["fresh"],"Timestamp":"2026-11-24"}"""));
        await SendAsync(server, HttpMethod.Post, "/api/feedback", """[{"FeedbackType":"like","UserId":"fan","ItemId":"seed"}]""");
        await HotSwapTests.WaitForAsync(async () => (await HistoryAsync(server, "fan")).Count == 1);

        await SendAsync(server, HttpMethod.Post, "/api/items/", $$"""[{"ItemId":"sequel","Labels":{{Vector}},"Categories":["fresh"],"Comment":"The sequel"}]""");

        Assert.Equal("sequel", (await ListAsync(server, "/api/recommend/fan?n=1"))[0]);
        Assert.Equal("The sequel", (await server.Client.JsonAsync("/api/item/sequel")).GetProperty("Comment").GetString());

        // Gorse's Python client sends null for what it does not change.
        Assert.Equal(1, await SendAsync(
            server, HttpMethod.Patch, "/api/item/sequel", """{"IsHidden":true,"Categories":null,"Labels":null,"Timestamp":null,"Comment":null}"""));
        Assert.DoesNotContain("sequel", await ListAsync(server, "/api/recommend/fan?n=500"));
        Assert.Equal("The sequel", (await server.Client.JsonAsync("/api/item/sequel")).GetProperty("Comment").GetString());
        await SendAsync(server, HttpMethod.Patch, "/api/item/sequel", """{"IsHidden":false}""");
        Assert.Contains("sequel", await ListAsync(server, "/api/recommend/fan?n=500"));

        Assert.Equal(1, await SendAsync(server, HttpMethod.Delete, "/api/item/sequel", null));
        Assert.DoesNotContain("sequel", await ListAsync(server, "/api/recommend/fan?n=500"));
        using var gone = await server.Client.GetAsync("/api/item/sequel", TestContext.Current.CancellationToken);
        await gone.JsonAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, await SendAsync(server, HttpMethod.Delete, "/api/item/sequel", null));
        Assert.Equal(0, await SendAsync(server, HttpMethod.Patch, "/api/item/never", """{"IsHidden":true}"""));
    }

    [Fact]
    public async Task An_item_comes_back_as_it_was_sent()
    {
        await using var server = await ReadyAsync();
        const string sent = """{"ItemId":"2000","IsHidden":true,"Categories":["Comedy","Animation"],"Timestamp":"2022-11-20T13:55:27Z","Labels":{"embedding":[0.1,0.2,0.3]},"Comment":"Minions (2015)"}""";

        await SendAsync(server, HttpMethod.Post, "/api/item/", sent);

        Assert.Equal(sent, (await server.Client.JsonAsync("/api/item/2000")).GetRawText());
    }

    [Fact]
    public async Task Categories_are_added_and_taken_away_one_by_one()
    {
        await using var server = await ReadyAsync();

        Assert.Equal(1, await SendAsync(server, HttpMethod.Put, "/api/item/i1/category/a%2Fb", null));
        Assert.Contains("i1", Ids(await server.Client.JsonAsync("/api/popular/a%2Fb")));

        Assert.Equal(1, await SendAsync(server, HttpMethod.Delete, "/api/item/i1/category/a%2Fb", null));
        Assert.Empty(Ids(await server.Client.JsonAsync("/api/popular/a%2Fb")));
        Assert.Equal(0, await SendAsync(server, HttpMethod.Put, "/api/item/never/category/c", null));
    }

    [Fact]
    public async Task A_user_is_written_patched_and_forgotten_with_the_history()
    {
        await using var server = await ReadyAsync();
        const string sent = """{"UserId":"2000","Labels":{"gender":"M","occupation":"engineer"},"Comment":"a"}""";
        Assert.Equal(1, await SendAsync(server, HttpMethod.Post, "/api/user/", sent));
        Assert.Equal(sent, (await server.Client.JsonAsync("/api/user/2000")).GetRawText());

        Assert.Equal(2, await SendAsync(server, HttpMethod.Post, "/api/users", """[{"UserId":"u1","Labels":["x"],"Subscribe":null},{"userid":"u900"}]"""));
        Assert.Equal(["i3", "i2", "i1"], await HistoryAsync(server, "u1"));

        Assert.Equal(1, await SendAsync(server, HttpMethod.Patch, "/api/user/u1", """{"Comment":"changed"}"""));
        Assert.Equal("""{"UserId":"u1","Labels":["x"],"Comment":"changed"}""", (await server.Client.JsonAsync("/api/user/u1")).GetRawText());
        Assert.Equal(0, await SendAsync(server, HttpMethod.Patch, "/api/user/nobody", """{"Comment":"changed"}"""));

        Assert.Equal(1, await SendAsync(server, HttpMethod.Delete, "/api/user/u1", null));
        Assert.Empty(await HistoryAsync(server, "u1"));
        using var gone = await server.Client.GetAsync("/api/user/u1", TestContext.Current.CancellationToken);
        await gone.JsonAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, await SendAsync(server, HttpMethod.Delete, "/api/user/u1", null));
    }

    [Fact]
    public async Task Removed_feedback_is_gone_and_its_item_is_recommended_again()
    {
        await using var server = await ReadyAsync();
        await SendAsync(
            server,
            HttpMethod.Post,
            "/api/feedback",
            """[{"FeedbackType":"like","UserId":"d","ItemId":"i5"},{"FeedbackType":"click","UserId":"d","ItemId":"i5"},{"FeedbackType":"click","UserId":"d","ItemId":"i6"}]""");
        await HotSwapTests.WaitForAsync(async () => (await HistoryAsync(server, "d")).Count == 3);

        Assert.Equal(1, await SendAsync(server, HttpMethod.Delete, "/api/feedback/like/d/i5", null));
        Assert.Equal(2, (await HistoryAsync(server, "d")).Count);
        Assert.DoesNotContain("i5", await ListAsync(server, "/api/recommend/d?n=500&category=all"));
        Assert.Equal(1, await SendAsync(server, HttpMethod.Delete, "/api/feedback/d/i5", null));
        Assert.Equal(["i6"], await HistoryAsync(server, "d"));
        Assert.Contains("i5", (await server.Client.JsonAsync("/api/popular?n=500&user-id=d")).EnumerateArray().Select(score => score.GetProperty("Id").GetString()));
        Assert.Equal(0, await SendAsync(server, HttpMethod.Delete, "/api/feedback/d/i5", null));
    }

    [Fact]
    public async Task A_rebuild_makes_a_release_of_the_item_changes_without_a_failed_request()
    {
        await using var server = await ReadyAsync();
        var before = (await server.Client.JsonAsync("/api/health/ready")).GetProperty("Release").GetString();
        await SendAsync(server, HttpMethod.Post, "/api/items", $$"""[{"ItemId":"built-in","Labels":{{Vector}},"Comment":"Built in"}]""");

        using var rebuilt = await server.Client.PostAsync("/api/admin/rebuild", null, TestContext.Current.CancellationToken);
        var outcome = await rebuilt.JsonAsync(HttpStatusCode.OK);

        Assert.True(outcome.GetProperty("Published").GetBoolean());
        var release = outcome.GetProperty("ReleaseId").GetString();
        Assert.NotEqual(before, release);
        Assert.Equal(release, (await server.Client.JsonAsync("/api/health/ready")).GetProperty("Release").GetString());
        Assert.Equal("Built in", (await server.Client.JsonAsync("/api/item/built-in")).GetProperty("Comment").GetString());

        using var again = await server.Client.PostAsync("/api/admin/rebuild", null, TestContext.Current.CancellationToken);
        Assert.False((await again.JsonAsync(HttpStatusCode.OK)).GetProperty("Published").GetBoolean());
    }

    [Fact]
    public async Task Meters_are_scraped_with_requests_stages_feedback_and_the_release()
    {
        await using var server = await ReadyAsync();
        await ListAsync(server, "/api/recommend/u1");
        await SendAsync(server, HttpMethod.Post, "/api/feedback", """[{"FeedbackType":"click","UserId":"m","ItemId":"i1"}]""");
        await HotSwapTests.WaitForAsync(async () => (await HistoryAsync(server, "m")).Count == 1);

        // A batch is measured when it is archived, which is after its histories can be read.
        var text = "";
        await HotSwapTests.WaitForAsync(async () =>
        {
            text = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
            return text.Contains("feedback_events", StringComparison.Ordinal);
        });

        foreach (var name in new[]
        {
            "serverlessrec_request_duration_seconds_bucket", "serverlessrec_stage_duration_seconds_sum", "serverlessrec_release_age_seconds",
            "serverlessrec_release_items", "serverlessrec_catalogue_changes", "feedback_events", "feedback_lag", "route=\"Recommend\"",
        })
        {
            Assert.Contains(name, text);
        }

        Assert.DoesNotContain("u1", text);
    }

    private static async Task<TestServer> ReadyAsync()
    {
        var server = await TestServer.StartAsync(prepare: blobs => TinyRelease.PublishAsync(blobs));
        await TinyRelease.AddUsersAsync(server.Users);
        await server.WaitUntilReadyAsync();
        return server;
    }

    private static async Task<int> SendAsync(TestServer server, HttpMethod method, string target, string? body)
    {
        using var answer = await RawAsync(server, method, target, body);
        return (await answer.JsonAsync(HttpStatusCode.OK)).GetProperty("RowAffected").GetInt32();
    }

    private static async Task<HttpResponseMessage> RawAsync(TestServer server, HttpMethod method, string target, string? body)
    {
        using var request = new HttpRequestMessage(method, target);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<List<string>> ListAsync(TestServer server, string target) =>
        [.. (await server.Client.JsonAsync(target)).EnumerateArray().Select(id => id.GetString()!)];

    private static async Task<List<string>> HistoryAsync(TestServer server, string user) =>
        [.. (await server.Client.JsonAsync($"/api/user/{user}/feedback")).EnumerateArray().Select(entry => entry.GetProperty("ItemId").GetString()!)];

    private static List<string> Ids(JsonElement scores) => [.. scores.EnumerateArray().Select(score => score.GetProperty("Id").GetString()!)];
}
