using System.Net;
using ServerlessRec.Api.Tests.Fixtures;

namespace ServerlessRec.Api.Tests.Releases;

public sealed class UnavailableTests
{
    [Theory]
    [InlineData("/api/recommend/u1")]
    [InlineData("/api/popular")]
    [InlineData("/api/latest")]
    [InlineData("/api/item/i1")]
    [InlineData("/api/items")]
    [InlineData("/api/item/i1/neighbors/")]
    public async Task Before_any_release_the_server_answers_503_with_retry_after(string target)
    {
        await using var server = await TestServer.StartAsync();

        using var answer = await server.Client.GetAsync(target, TestContext.Current.CancellationToken);

        await answer.JsonAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Before_any_release_the_process_is_live_but_not_ready_and_users_are_served()
    {
        await using var server = await TestServer.StartAsync();
        await TinyRelease.AddUsersAsync(server.Users);

        Assert.False((await server.Client.JsonAsync("/api/health/live")).GetProperty("Ready").GetBoolean());
        using var ready = await server.Client.GetAsync("/api/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("u1", (await server.Client.JsonAsync("/api/user/u1")).GetProperty("UserId").GetString());
    }

    [Fact]
    public async Task A_store_that_is_away_is_503_and_says_nothing_of_its_insides()
    {
        await using var server = await TestServer.StartAsync();
        await TinyRelease.PublishAsync(server.Blobs);
        await server.WaitUntilReadyAsync();
        server.Users.IsAway = true;

        foreach (var target in new[] { "/api/recommend/u1", "/api/user/u1", "/api/users", "/api/health/ready" })
        {
            using var answer = await server.Client.GetAsync(target, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
            Assert.DoesNotContain("secret", text);
        }

        server.Users.IsAway = false;
        await server.Client.JsonAsync("/api/recommend/u1");
    }
}
