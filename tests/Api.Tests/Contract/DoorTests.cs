using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.Tests.Fixtures;
using ServerlessRec.Api.Tests.Releases;

namespace ServerlessRec.Api.Tests.Contract;

/// <summary>What every route has in common: limits, methods, origins, and work that outlives its caller.</summary>
public sealed class DoorTests
{
    [Fact]
    public async Task A_caller_beyond_the_rate_gets_429_with_Retry_After_and_another_key_and_health_do_not()
    {
        var keys = new ApiKeys(["reader-one", "reader-two"], ["writer-key"], ["admin-key"]);
        await using var server = await TestServer.StartAsync(keys, limits: new ApiLimits { RequestsPerSecond = 5 });

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 30; i++)
        {
            using var answer = await GetAsync(server, "/api/user/u1", "reader-one");
            statuses.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            }
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(10, statuses.TakeWhile(status => status != HttpStatusCode.TooManyRequests).Count());
        using var other = await GetAsync(server, "/api/user/u1", "reader-two");
        Assert.NotEqual(HttpStatusCode.TooManyRequests, other.StatusCode);
        for (var i = 0; i < 30; i++)
        {
            using var health = await server.Client.GetAsync("/api/health/live", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }
    }

    [Fact]
    public async Task Without_a_limit_nobody_is_held_back()
    {
        await using var server = await ReadyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => server.Client.GetAsync("/api/popular?n=1", TestContext.Current.CancellationToken)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Theory]
    [InlineData("with its length")]
    [InlineData("in chunks")]
    public async Task A_body_beyond_the_limit_is_refused_whole(string how)
    {
        await using var server = await ReadyAsync();
        var events = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"FeedbackType":"click","UserId":"big","ItemId":"i{{i}}"}"""));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/feedback") { Content = new StringContent($"[{events}]", Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = how == "in chunks";
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.JsonAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(0, (await server.Client.JsonAsync("/api/user/big/feedback")).GetArrayLength());
    }

    [Theory]
    [InlineData("with its length")]
    [InlineData("in chunks")]
    public async Task Who_still_sends_a_body_that_was_refused_gets_the_answer_and_not_a_reset(string how)
    {
        await using var server = await ReadyAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        const int Parts = 64;
        var part = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
        var inChunks = how == "in chunks";
        var length = inChunks ? "Transfer-Encoding: chunked" : $"Content-Length: {Parts * part.Length}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{length}\r\n\r\n"), TestContext.Current.CancellationToken);
        for (var sent = 0; sent < Parts; sent++)
        {
            var (before, after) = inChunks ? ($"{part.Length:x}\r\n", "\r\n") : ("", "");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(before).Concat(part).Concat(Encoding.ASCII.GetBytes(after)).ToArray(), TestContext.Current.CancellationToken);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(inChunks ? "0\r\n\r\n" : ""), TestContext.Current.CancellationToken);
        using var answer = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await answer.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Contains("is larger than 65536 bytes", await answer.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/api/popular?n=5")]
    [InlineData("/api/item/i1")]
    [InlineData("/api/health/live")]
    [InlineData("/api/openapi.json")]
    [InlineData("/")]
    public async Task A_head_is_answered_like_a_get_without_the_body(string target)
    {
        await using var server = await ReadyAsync();
        using var get = await server.Client.GetAsync(target, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Head, target);
        using var head = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pages_of_a_named_origin_may_call_and_those_of_others_may_not()
    {
        await using var server = await TestServer.StartAsync(corsOrigins: ["https://shop.example"]);
        foreach (var (origin, allowed) in new[] { ("https://shop.example", true), ("https://elsewhere.example", false) })
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/feedback");
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            preflight.Headers.Add("Access-Control-Request-Headers", "content-type,x-api-key");
            using var answer = await server.Client.SendAsync(preflight, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Equal(allowed, answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Without_named_origins_a_preflight_allows_nothing()
    {
        await using var server = await TestServer.StartAsync();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/feedback");
        preflight.Headers.Add("Origin", "https://elsewhere.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var answer = await server.Client.SendAsync(preflight, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_rebuild_goes_on_when_its_caller_is_gone()
    {
        await using var server = await ReadyAsync();
        var before = await ReleaseAsync(server);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
            await socket.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"POST /api/admin/rebuild?force=true HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: 0\r\n\r\n"),
                TestContext.Current.CancellationToken);

            // A reset rather than a polite end: the request is aborted at once.
            socket.Client.LingerState = new LingerOption(true, 0);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await HotSwapTests.WaitForAsync(async () => await ReleaseAsync(server) != before);
    }

    [Fact]
    public async Task A_caller_who_does_not_wait_gets_202_and_one_who_asks_meanwhile_joins()
    {
        await using var server = await ReadyAsync();
        var before = await ReleaseAsync(server);
        using var begun = await server.Client.PostAsync("/api/admin/rebuild?force=true&wait=false", null, TestContext.Current.CancellationToken);
        Assert.False((await begun.JsonAsync(HttpStatusCode.Accepted)).GetProperty("Published").GetBoolean());

        using var joined = await server.Client.PostAsync("/api/admin/rebuild", null, TestContext.Current.CancellationToken);
        Assert.NotEqual(JsonValueKind.Undefined, (await joined.JsonAsync(HttpStatusCode.OK)).GetProperty("Published").ValueKind);
        Assert.NotEqual(before, await ReleaseAsync(server));
    }

    private static async Task<string> ReleaseAsync(TestServer server) =>
        (await server.Client.JsonAsync("/api/health/ready")).GetProperty("Release").GetString()!;

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string target, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Add("X-API-Key", key);
        return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<TestServer> ReadyAsync()
    {
        var server = await TestServer.StartAsync(prepare: blobs => TinyRelease.PublishAsync(blobs));
        await TinyRelease.AddUsersAsync(server.Users);
        await server.WaitUntilReadyAsync();
        return server;
    }
}
