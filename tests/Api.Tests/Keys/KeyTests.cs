using System.Net;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.Tests.Fixtures;

namespace ServerlessRec.Api.Tests.Keys;

public sealed class KeyTests
{
    private static readonly ApiKeys Keys = new(["read-key-1", "read-key-2"], ["write-key"], ["admin-key"]);

    [Theory]
    [InlineData("read-key-1", KeyScope.Read)]
    [InlineData("read-key-2", KeyScope.Read)]
    [InlineData("write-key", KeyScope.Write)]
    [InlineData("admin-key", KeyScope.Admin)]
    [InlineData("", null)]
    [InlineData("read-key-", null)]
    [InlineData("read-key-11", null)]
    [InlineData("READ-KEY-1", null)]
    public void A_key_opens_the_scope_it_was_given_for(string presented, KeyScope? scope) => Assert.Equal(scope, Keys.ScopeOf(presented));

    [Fact]
    public void Short_keys_and_one_key_for_two_scopes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ApiKeys(["short"], [], []));
        Assert.Throws<ArgumentException>(() => new ApiKeys(["the-same-key"], ["the-same-key"], []));
    }

    [Theory]
    [InlineData("/api/popular", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/popular", "wrong-key", HttpStatusCode.Unauthorized)]
    [InlineData("/api/popular", "read-key-2", HttpStatusCode.OK)]
    [InlineData("/api/popular", "admin-key", HttpStatusCode.OK)]
    [InlineData("/api/admin/releases", "read-key-1", HttpStatusCode.Forbidden)]
    [InlineData("/api/admin/releases", "write-key", HttpStatusCode.Forbidden)]
    [InlineData("/api/admin/releases", "admin-key", HttpStatusCode.OK)]
    [InlineData("/metrics", null, HttpStatusCode.Unauthorized)]
    [InlineData("/metrics", "read-key-1", HttpStatusCode.OK)]
    [InlineData("/api/health/live", null, HttpStatusCode.OK)]
    [InlineData("/api/health/ready", null, HttpStatusCode.OK)]
    [InlineData("/api/openapi.json", null, HttpStatusCode.OK)]
    [InlineData("/", null, HttpStatusCode.OK)]
    public async Task A_call_passes_with_the_right_key_only(string target, string? key, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync(Keys);
        await TinyRelease.PublishAsync(server.Blobs);
        await server.WaitUntilReadyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        if (expected is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("\"field\":\"X-API-Key\"", text);
            Assert.DoesNotContain("-key", text.Replace("X-API-Key", "", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("read-key-1", HttpStatusCode.Forbidden)]
    [InlineData("write-key", HttpStatusCode.OK)]
    [InlineData("admin-key", HttpStatusCode.OK)]
    public async Task Every_write_needs_the_write_key(string key, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync(Keys);
        (string Method, string Target, string? Body)[] writes =
        [
            ("POST", "/api/feedback", "[]"), ("PUT", "/api/feedback", "[]"), ("POST", "/api/users", "[]"), ("POST", "/api/items", "[]"),
            ("PATCH", "/api/user/x", "{}"), ("PATCH", "/api/item/x", "{}"), ("DELETE", "/api/user/x", null), ("DELETE", "/api/item/x", null),
            ("PUT", "/api/item/x/category/c", null), ("DELETE", "/api/item/x/category/c", null),
        ];
        foreach (var (method, target, body) in writes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), target);
            request.Headers.Add("X-API-Key", key);
            request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("attacker.example")]
    [InlineData("192.168.1.20")]
    public async Task Without_keys_another_host_name_is_refused(string host)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users");
        request.Headers.Host = host;

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task Without_keys_this_machine_is_answered(string host)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users");
        request.Headers.Host = host;

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
