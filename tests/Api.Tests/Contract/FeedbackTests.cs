using System.Net;
using System.Text;
using System.Text.Json;
using ServerlessRec.Api.Tests.Fixtures;

namespace ServerlessRec.Api.Tests.Contract;

/// <summary>What feedback creates, and how it is read back: at once, by user, as a whole.</summary>
public sealed class FeedbackTests
{
    [Fact]
    public async Task Feedback_on_an_unknown_item_of_an_unknown_user_creates_both()
    {
        await using var server = await ReadyAsync();

        await SendAsync(server, HttpMethod.Post, """[{"FeedbackType":"like","UserId":"nobody/knew","ItemId":"nor/this one"}]""");

        var item = await server.Client.JsonAsync("/api/item/nor%2Fthis%20one");
        Assert.Equal("""{"ItemId":"nor/this one","IsHidden":false,"Categories":[],"Timestamp":"0001-01-01T00:00:00Z","Labels":null,"Comment":""}""", item.GetRawText());
        Assert.Equal("nobody/knew", (await server.Client.JsonAsync("/api/user/nobody%2Fknew")).GetProperty("UserId").GetString());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Feedback_never_overwrites_an_item_that_is_there(string method)
    {
        await using var server = await ReadyAsync();
        const string item = """{"ItemId":"mine","IsHidden":true,"Categories":["a"],"Timestamp":"2022-11-20T13:55:27Z","Labels":{"x":1},"Comment":"Mine"}""";
        await PostAsync(server, "/api/item", item);

        await SendAsync(server, new HttpMethod(method), """[{"FeedbackType":"like","UserId":"u1","ItemId":"mine"},{"FeedbackType":"like","UserId":"u1","ItemId":"i1"}]""");

        Assert.Equal(item, (await server.Client.JsonAsync("/api/item/mine")).GetRawText());
        Assert.Equal("Item 1", (await server.Client.JsonAsync("/api/item/i1")).GetProperty("Comment").GetString());
    }

    [Fact]
    public async Task Refused_feedback_creates_nothing()
    {
        await using var server = await ReadyAsync();

        using var answer = await RawAsync(server, HttpMethod.Post, """[{"FeedbackType":"like","UserId":"half","ItemId":"half"},{"FeedbackType":"like"}]""");
        await answer.JsonAsync(HttpStatusCode.BadRequest);

        using var item = await server.Client.GetAsync("/api/item/half", TestContext.Current.CancellationToken);
        await item.JsonAsync(HttpStatusCode.NotFound);
        using var user = await server.Client.GetAsync("/api/user/half", TestContext.Current.CancellationToken);
        await user.JsonAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Feedback_that_was_accepted_before_there_is_a_release_has_its_item_when_one_is_loaded()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            await SendAsync(server, HttpMethod.Post, """[{"FeedbackType":"like","UserId":"early","ItemId":"early-item"},{"FeedbackType":"like","UserId":"early","ItemId":"i1"}]""");
        }

        await TinyRelease.PublishAsync(server.Blobs);
        await server.WaitUntilReadyAsync();

        Assert.Equal("early-item", (await server.Client.JsonAsync("/api/item/early-item")).GetProperty("ItemId").GetString());
        Assert.Equal("Item 1", (await server.Client.JsonAsync("/api/item/i1")).GetProperty("Comment").GetString());
    }

    [Fact]
    public async Task What_was_sent_is_read_back_at_once_as_a_client_of_Gorse_expects()
    {
        await using var server = await ReadyAsync();
        for (var round = 0; round < 20; round++)
        {
            var user = $"reader-{round}";
            const string time = "2026-11-20T13:55:27Z";
            await SendAsync(
                server,
                HttpMethod.Post,
                $$"""[{"FeedbackType":"watch","UserId":"{{user}}","ItemId":"i1","Value":1,"Timestamp":"{{time}}"},{"FeedbackType":"watch","UserId":"{{user}}","ItemId":"i106","Value":2,"Timestamp":"{{time}}"},{"FeedbackType":"watch","UserId":"{{user}}","ItemId":"i11","Value":3,"Timestamp":"{{time}}"}]""");
            Assert.Equal(["i1", "i106", "i11"], Items(await server.Client.JsonAsync($"/api/user/{user}/feedback/watch")));

            using var removed = await server.Client.DeleteAsync($"/api/feedback/watch/{user}/i1", TestContext.Current.CancellationToken);
            Assert.Equal(1, (await removed.JsonAsync(HttpStatusCode.OK)).GetProperty("RowAffected").GetInt32());
            Assert.Equal(["i106", "i11"], Items(await server.Client.JsonAsync($"/api/user/{user}/feedback/")));
        }
    }

    [Theory]
    [InlineData("/api/feedback", 60)]
    [InlineData("/api/feedback/", 60)]
    [InlineData("/api/feedback/click", 40)]
    [InlineData("/api/feedback/like", 20)]
    [InlineData("/api/feedback/nothing", 0)]
    public async Task All_feedback_is_listed_page_by_page_each_once(string path, int expected)
    {
        await using var server = await ReadyAsync();
        foreach (var n in new[] { 1, 7, 500 })
        {
            var seen = new HashSet<string>();
            var cursor = "";
            do
            {
                var page = await server.Client.JsonAsync($"{path}?n={n}&cursor={Uri.EscapeDataString(cursor)}");
                Assert.All(page.GetProperty("Feedback").EnumerateArray(), one => Assert.True(seen.Add(one.GetRawText())));
                Assert.InRange(page.GetProperty("Feedback").GetArrayLength(), 0, n);
                cursor = page.GetProperty("Cursor").GetString()!;
            }
            while (cursor.Length > 0);

            Assert.Equal(expected, seen.Count);
        }
    }

    [Theory]
    [InlineData("/api/item/i1/feedback")]
    [InlineData("/api/item/i1/feedback/")]
    [InlineData("/api/item/i1/feedback/click")]
    public async Task What_is_not_offered_says_so_and_what_is(string target)
    {
        await using var server = await ReadyAsync();
        using var answer = await server.Client.GetAsync(target, TestContext.Current.CancellationToken);

        var problem = await answer.JsonAsync(HttpStatusCode.NotImplemented);
        Assert.Contains("/user/{id}/feedback", problem.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Similar_users_are_those_who_read_the_same()
    {
        await using var server = await ReadyAsync();
        foreach (var (user, items) in new[] { ("a", "i50 i51"), ("b", "i51 i50"), ("c", "i300") })
        {
            var body = string.Join(',', items.Split(' ').Select(item => $$"""{"FeedbackType":"click","UserId":"{{user}}","ItemId":"{{item}}"}"""));
            await SendAsync(server, HttpMethod.Post, $"[{body}]");
            Assert.NotEmpty(Items(await server.Client.JsonAsync($"/api/user/{user}/feedback")));
        }

        foreach (var target in new[] { "/api/user/a/neighbors?n=3", "/api/user/a/neighbors/?n=3", "/api/user-to-user/neighbors/a?n=3" })
        {
            var neighbors = await server.Client.JsonAsync(target);
            Assert.Equal(3, neighbors.GetArrayLength());
            Assert.Equal("b", neighbors[0].GetProperty("Id").GetString());
            Assert.True(neighbors[0].GetProperty("Score").GetDouble() > .99);
        }

        var second = await server.Client.JsonAsync("/api/user/a/neighbors?n=500&offset=1");
        Assert.DoesNotContain("a", second.EnumerateArray().Select(score => score.GetProperty("Id").GetString()));
        Assert.Equal(TinyRelease.UserCount + 1, second.GetArrayLength());
        Assert.Equal(0, (await server.Client.JsonAsync("/api/user/nobody/neighbors/")).GetArrayLength());
    }

    private static async Task<TestServer> ReadyAsync()
    {
        var server = await TestServer.StartAsync();
        await TinyRelease.PublishAsync(server.Blobs);
        await TinyRelease.AddUsersAsync(server.Users);
        await server.WaitUntilReadyAsync();
        return server;
    }

    private static List<string> Items(JsonElement feedback) => [.. feedback.EnumerateArray().Select(one => one.GetProperty("ItemId").GetString()!)];

    private static async Task SendAsync(TestServer server, HttpMethod method, string body)
    {
        using var answer = await RawAsync(server, method, body);
        await answer.JsonAsync(HttpStatusCode.OK);
    }

    private static async Task PostAsync(TestServer server, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        await answer.JsonAsync(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> RawAsync(TestServer server, HttpMethod method, string body)
    {
        using var request = new HttpRequestMessage(method, "/api/feedback") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
