using System.Net;
using System.Text;
using System.Text.Json;
using ServerlessRec.Api.Tests.Fixtures;

namespace ServerlessRec.Api.Tests.Contract;

/// <summary>The shapes and the older path forms that Gorse's clients rely on.</summary>
public sealed class ReadPathTests(ReadyServer server) : IClassFixture<ReadyServer>
{
    [Theory]
    [InlineData("/api/recommend/u1")]
    [InlineData("/api/recommend/u1/")]
    [InlineData("/api/recommend/u1?n=3&offset=0")]
    [InlineData("/api/recommend/somebody-new")]
    public async Task Recommend_answers_item_ids(string target)
    {
        var ids = await server.Client.JsonAsync(target);

        Assert.NotEmpty(ids.EnumerateArray());
        Assert.All(ids.EnumerateArray(), id => Assert.Equal(JsonValueKind.String, id.ValueKind));
    }

    [Fact]
    public async Task Recommend_answers_scores_to_version_2()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/recommend/u1?n=3");
        request.Headers.Add("X-API-Version", "2");
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        AssertScores(await answer.JsonAsync(HttpStatusCode.OK));
    }

    [Theory]
    [InlineData("/api/popular")]
    [InlineData("/api/popular/")]
    [InlineData("/api/popular/red")]
    [InlineData("/api/popular?category=red&user-id=u1")]
    [InlineData("/api/latest")]
    [InlineData("/api/latest/")]
    [InlineData("/api/latest/red?n=2")]
    [InlineData("/api/latest?n=2&offset=0&user-id=u1")]
    [InlineData("/api/non-personalized/popular")]
    [InlineData("/api/non-personalized/latest")]
    [InlineData("/api/item/i1/neighbors")]
    [InlineData("/api/item/i1/neighbors/")]
    [InlineData("/api/item/i1/neighbors/red")]
    [InlineData("/api/item/i1/neighbors?n=3&offset=0&category=red")]
    [InlineData("/api/item-to-item/neighbors/i1")]
    [InlineData("/api/collaborative-filtering/u1")]
    [InlineData("/api/collaborative-filtering/u1/red")]
    public async Task Every_list_and_every_form_of_its_path_answers_scores(string target) => AssertScores(await server.Client.JsonAsync(target));

    [Theory]
    [InlineData("/api/session/recommend?n=4")]
    [InlineData("/api/session/recommend/?n=4")]
    [InlineData("/api/session/recommend/red?n=4")]
    public async Task A_session_is_answered_with_scores(string target)
    {
        using var body = new StringContent(
            """[{"FeedbackType":"click","UserId":"","ItemId":"i1","Timestamp":"2026-11-24T10:00:00Z"}]""", Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync(target, body, TestContext.Current.CancellationToken);

        AssertScores(await answer.JsonAsync(HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_category_in_the_path_and_in_the_query_both_narrow()
    {
        foreach (var target in new[] { "/api/popular/red?n=500", "/api/popular?category=red&n=500" })
        {
            var ids = Ids(await server.Client.JsonAsync(target));

            Assert.NotEmpty(ids);
            foreach (var id in ids)
            {
                var item = await server.Client.JsonAsync($"/api/item/{Uri.EscapeDataString(id)}");
                Assert.Contains("red", item.GetProperty("Categories").EnumerateArray().Select(category => category.GetString()));
            }
        }

        Assert.Empty(Ids(await server.Client.JsonAsync("/api/popular/red?category=blue&n=500")));
    }

    [Fact]
    public async Task Offset_pages_without_gaps_and_repeats()
    {
        var whole = Ids(await server.Client.JsonAsync("/api/popular?n=8"));
        var first = Ids(await server.Client.JsonAsync("/api/popular?n=4"));
        var second = Ids(await server.Client.JsonAsync("/api/popular?n=4&offset=4"));

        Assert.Equal(whole, [.. first, .. second]);
        Assert.Empty(Ids(await server.Client.JsonAsync("/api/popular?n=4&offset=10000")));
        Assert.Empty(Ids(await server.Client.JsonAsync("/api/popular?n=0")));
    }

    [Fact]
    public async Task A_great_n_is_served_as_500()
    {
        Assert.Equal(500, Ids(await server.Client.JsonAsync("/api/popular?n=2147483647")).Count);
    }

    [Fact]
    public async Task Neighbors_of_an_unknown_item_are_none() => Assert.Empty(Ids(await server.Client.JsonAsync("/api/item/unknown/neighbors/")));

    [Fact]
    public async Task Excluded_items_and_items_that_the_user_has_read_are_not_recommended()
    {
        var ids = (await server.Client.JsonAsync("/api/recommend/u1?n=500&exclude=i7&exclude=i8")).EnumerateArray().Select(id => id.GetString()).ToList();

        Assert.DoesNotContain("i7", ids);
        Assert.DoesNotContain("i8", ids);
        Assert.DoesNotContain("i1", ids);
        Assert.DoesNotContain("i1", Ids(await server.Client.JsonAsync("/api/popular?n=500&user-id=u1")));
    }

    [Fact]
    public async Task An_item_has_every_field_of_the_shape()
    {
        var item = await server.Client.JsonAsync("/api/item/i1");

        Assert.Equal(["ItemId", "IsHidden", "Categories", "Timestamp", "Labels", "Comment"], item.EnumerateObject().Select(field => field.Name));
        Assert.Equal("2026-01-02T03:04:05Z", item.GetProperty("Timestamp").GetString());
        Assert.Equal(JsonValueKind.Object, item.GetProperty("Labels").ValueKind);
        Assert.Equal("Item 1", item.GetProperty("Comment").GetString());
    }

    [Fact]
    public async Task An_item_without_a_time_has_the_zero_time_as_Gorse_answers_it()
    {
        var item = await server.Client.JsonAsync("/api/item/i2");

        Assert.Equal("0001-01-01T00:00:00Z", item.GetProperty("Timestamp").GetString());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("Labels").ValueKind);
    }

    [Theory]
    [InlineData("a/b c?#&=%ü")]
    [InlineData("100%2Foff")]
    [InlineData("日本語/😀")]
    public async Task Ids_with_slashes_escapes_and_other_scripts_are_found(string id)
    {
        var item = await server.Client.JsonAsync($"/api/item/{Uri.EscapeDataString(id)}");
        Assert.Equal(id, item.GetProperty("ItemId").GetString());

        var user = await server.Client.JsonAsync($"/api/user/{Uri.EscapeDataString(id)}");
        Assert.Equal(id, user.GetProperty("UserId").GetString());
    }

    [Fact]
    public async Task Items_and_users_are_listed_page_by_page_each_once()
    {
        foreach (var (path, list, id) in new[] { ("items", "Items", "ItemId"), ("users", "Users", "UserId") })
        {
            var seen = new HashSet<string>();
            var cursor = "";
            do
            {
                var page = await server.Client.JsonAsync($"/api/{path}?n=7&cursor={Uri.EscapeDataString(cursor)}");
                Assert.All(page.GetProperty(list).EnumerateArray(), row => Assert.True(seen.Add(row.GetProperty(id).GetString()!)));
                cursor = page.GetProperty("Cursor").GetString()!;
            }
            while (cursor.Length > 0);

            Assert.Equal(path == "items" ? TinyRelease.ItemCount : TinyRelease.UserCount, seen.Count);
        }
    }

    [Fact]
    public async Task A_history_is_newest_first_and_can_be_narrowed_to_a_type()
    {
        var history = (await server.Client.JsonAsync("/api/user/u1/feedback")).EnumerateArray().ToList();

        Assert.Equal(["i3", "i2", "i1"], history.Select(entry => entry.GetProperty("ItemId").GetString()));
        Assert.Equal(
            ["FeedbackType", "UserId", "ItemId", "Value", "Timestamp", "Labels", "Comment"],
            history[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(["i2"], (await server.Client.JsonAsync("/api/user/u1/feedback/like")).EnumerateArray().Select(entry => entry.GetProperty("ItemId").GetString()));
        Assert.Equal("like", (await server.Client.JsonAsync("/api/feedback/like/u1/i2")).GetProperty("FeedbackType").GetString());
        Assert.Single((await server.Client.JsonAsync("/api/feedback/u1/i2")).EnumerateArray());
        Assert.Empty((await server.Client.JsonAsync("/api/user/somebody-new/feedback")).EnumerateArray());
    }

    [Fact]
    public async Task An_answer_says_its_release_its_id_and_what_it_cost()
    {
        using var answer = await server.Client.GetAsync("/api/recommend/u1", TestContext.Current.CancellationToken);
        using var again = await server.Client.GetAsync("/api/recommend/u1", TestContext.Current.CancellationToken);

        var release = (await server.Client.JsonAsync("/api/admin/releases")).GetProperty("Current").GetString();
        Assert.Equal(release, answer.Headers.GetValues("X-Release").Single());
        Assert.NotEqual(answer.Headers.GetValues("X-Recommendation-Id").Single(), again.Headers.GetValues("X-Recommendation-Id").Single());
        var timing = answer.Headers.GetValues("Server-Timing").Single();
        Assert.Matches(@"^user;dur=[\d.]+, retrieve;dur=[\d.]+, rank;dur=[\d.]+, total;dur=[\d.]+$", timing);
        Assert.NotNull(answer.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/api/recommend/u1?n=5", "personal", true)]
    [InlineData("/api/collaborative-filtering/u1?n=5", "personal", true)]
    [InlineData("/api/recommend/somebody-new?n=5", "popular-and-fresh", false)]
    [InlineData("/api/popular?n=5", "popular", false)]
    [InlineData("/api/latest?n=5", "latest", false)]
    [InlineData("/api/item/i1/neighbors?n=5", "neighbors", true)]
    public async Task A_list_explains_what_found_an_item_and_what_it_is_like(string target, string stage, bool hasReasons)
    {
        var plain = await server.Client.JsonAsync(target);
        var list = await server.Client.JsonAsync($"{target}&explain=true");

        Assert.Equal(
            plain.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString() : one.GetProperty("Id").GetString()),
            list.EnumerateArray().Select(one => one.GetProperty("Id").GetString()));
        foreach (var one in list.EnumerateArray())
        {
            Assert.Equal(["Id", "Score", "Explain"], one.EnumerateObject().Select(field => field.Name));
            var explain = one.GetProperty("Explain");
            Assert.Equal(stage, explain.GetProperty("Stage").GetString());
            var reasons = explain.GetProperty("Reasons").EnumerateArray().ToList();
            Assert.Equal(hasReasons, reasons.Count > 0);
            Assert.All(reasons, reason => Assert.Contains(reason.GetProperty("Id").GetString(), new[] { "i1", "i2", "i3" }));
        }
    }

    [Fact]
    public async Task A_get_with_a_body_is_answered_as_one_without()
    {
        // Gorse's Rust client sends the body null with every GET.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/user/u1") { Content = new StringContent("null", Encoding.UTF8, "application/json") };
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static List<string> Ids(JsonElement scores) => [.. scores.EnumerateArray().Select(score => score.GetProperty("Id").GetString()!)];

    private static void AssertScores(JsonElement scores)
    {
        Assert.NotEmpty(scores.EnumerateArray());
        Assert.All(scores.EnumerateArray(), score =>
        {
            Assert.Equal(["Id", "Score"], score.EnumerateObject().Select(field => field.Name));
            Assert.True(double.IsFinite(score.GetProperty("Score").GetDouble()));
        });
        var values = scores.EnumerateArray().Select(score => score.GetProperty("Score").GetDouble()).ToList();
        Assert.Equal(values.OrderByDescending(value => value), values);
    }
}
