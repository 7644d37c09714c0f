using System.Net;
using System.Text;
using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Serving;

/// <summary>The process as an operator meets it.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task It_listens_before_there_is_a_release_says_who_may_call_and_stops_on_sigterm()
    {
        var folder = Directory.CreateTempSubdirectory("serverlessrec-empty-").FullName;
        await using var server = ChildProcess.Start("dotnet", [Repository.Standalone, "--store", folder, "--port", "0"]);
        using var client = new HttpClient { BaseAddress = new Uri(await server.WaitForAsync("Listening on ")) };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/health/live", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/api/popular", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Contains("only this machine may call", server.Output);

        await server.TerminateAsync();
        Assert.Equal(0, await server.WaitForExitAsync());
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("--store", "", "--urls", "http://0.0.0.0:0")]
    [InlineData("--port", "99999", "--store", "x")]
    [InlineData("--port", "abc", "--store", "x")]
    [InlineData("--nonsense", "x", "--store", "x")]
    public async Task Wrong_arguments_end_it_with_a_reason_and_without_a_stack_trace(params string[] arguments)
    {
        await using var server = ChildProcess.Start("dotnet", [Repository.Standalone, .. arguments]);

        Assert.NotEqual(0, await server.WaitForExitAsync());
        Assert.DoesNotContain("   at ", server.Output);
        Assert.True(new StringBuilder(server.Output).Replace("\n", "").Length > 0, "It ended without a word.");
    }

    [Fact]
    public async Task Its_logs_can_be_json_and_hold_no_user_id()
    {
        var folder = Directory.CreateTempSubdirectory("serverlessrec-logs-").FullName;
        await using var server = ChildProcess.Start("dotnet", [Repository.Standalone, "--store", folder, "--port", "0", "--json-logs"]);
        using var client = new HttpClient { BaseAddress = new Uri(await server.WaitForAsync("Listening on ")) };
        using var answer = await client.GetAsync("/api/recommend/a-very-private-user", TestContext.Current.CancellationToken);

        await server.TerminateAsync();
        await server.WaitForExitAsync();
        Assert.DoesNotContain("a-very-private-user", server.Output);
        foreach (var line in server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            System.Text.Json.JsonDocument.Parse(line).Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }
}
