using System.Collections.Concurrent;
using System.Net;
using ServerlessRec.Api.Tests.Fixtures;

namespace ServerlessRec.Api.Tests.Releases;

public sealed class HotSwapTests
{
    [Fact]
    public async Task New_releases_are_taken_up_under_load_without_a_failed_request()
    {
        await using var server = await TestServer.StartAsync();
        var first = await TinyRelease.PublishAsync(server.Blobs);
        await TinyRelease.AddUsersAsync(server.Users);
        await server.WaitUntilReadyAsync();

        using var stop = new CancellationTokenSource();
        var served = new ConcurrentDictionary<string, int>();
        var callers = Enumerable.Range(0, 4).Select(caller => CallAsync(server, caller, served, stop.Token)).ToArray();
        var published = new List<string> { first };
        for (var i = 0; i < 4; i++)
        {
            published.Add(await TinyRelease.PublishAsync(server.Blobs));
            await WaitForAsync(() => served.ContainsKey(published[^1]));
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.Equal(published.Order(), served.Keys.Order());
    }

    [Fact]
    public async Task Promote_and_rollback_change_what_the_next_request_gets()
    {
        await using var server = await TestServer.StartAsync();
        var first = await TinyRelease.PublishAsync(server.Blobs);
        var second = await TinyRelease.PublishAsync(server.Blobs);
        await server.WaitUntilReadyAsync();
        await WaitForAsync(async () => await ServedAsync(server) == second);

        using var back = await server.Client.PostAsync("/api/admin/rollback", null, TestContext.Current.CancellationToken);
        await back.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(first, await ServedAsync(server));

        using var forth = await server.Client.PostAsync($"/api/admin/releases/{second}/promote", null, TestContext.Current.CancellationToken);
        await forth.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(second, await ServedAsync(server));

        var list = await server.Client.JsonAsync("/api/admin/releases");
        Assert.Equal(second, list.GetProperty("Current").GetString());
        Assert.Equal(new[] { first, second }.Order(), list.GetProperty("Releases").EnumerateArray().Select(release => release.GetProperty("Id").GetString()).Order());
    }

    [Fact]
    public async Task Rollback_without_an_earlier_release_is_a_conflict()
    {
        await using var server = await TestServer.StartAsync();
        await TinyRelease.PublishAsync(server.Blobs);
        await server.WaitUntilReadyAsync();

        using var answer = await server.Client.PostAsync("/api/admin/rollback", null, TestContext.Current.CancellationToken);

        await answer.JsonAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_stop_finishes_requests_in_flight()
    {
        await using var server = await TestServer.StartAsync();
        await TinyRelease.PublishAsync(server.Blobs);
        await server.WaitUntilReadyAsync();

        var body = new SlowContent("""[{"FeedbackType":"click","ItemId":"i1"}]""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/session/recommend") { Content = body };
        var answering = server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await body.Begun;
        var stopping = server.StopAsync();
        body.Finish();

        using var answer = await answering;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stopping;
    }

    internal static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static Task WaitForAsync(Func<bool> condition) => WaitForAsync(() => Task.FromResult(condition()));

    private static async Task<string> ServedAsync(TestServer server)
    {
        using var answer = await server.Client.GetAsync("/api/popular?n=1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("X-Release").Single();
    }

    private static async Task CallAsync(TestServer server, int caller, ConcurrentDictionary<string, int> served, CancellationToken stop)
    {
        string[] targets = ["/api/recommend/u1", "/api/item/i5/neighbors/", "/api/popular?n=50", "/api/items?n=20"];
        for (var i = caller; !stop.IsCancellationRequested; i++)
        {
            using var answer = await server.Client.GetAsync(targets[i % targets.Length], CancellationToken.None);
            Assert.True(answer.IsSuccessStatusCode, $"{targets[i % targets.Length]} answered {answer.StatusCode}");
            if (answer.Headers.TryGetValues("X-Release", out var release))
            {
                served.AddOrUpdate(release.Single(), 1, (_, count) => count + 1);
            }
        }
    }
}
