using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ServerlessRec.Api.Tests.Fixtures;

namespace ServerlessRec.Api.Tests.Contract;

public sealed class MalformedRequestTests(ReadyServer server) : IClassFixture<ReadyServer>
{
    public static TheoryData<string> Names => [.. MalformedRequests.All().Select(row => row.Name)];

    [Fact]
    public void The_table_holds_more_than_a_hundred_requests_and_none_twice()
    {
        var names = MalformedRequests.All().Select(row => row.Name).ToList();
        Assert.True(names.Count > 100, $"{names.Count} rows");
        Assert.Distinct(names);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_malformed_request_gets_a_problem_that_names_what_is_wrong(string name)
    {
        var request = MalformedRequests.All().First(row => row.Name == name).Request;

        using var answer = await SendAsync(request);

        var problem = await answer.JsonAsync((HttpStatusCode)request.Status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(request.Status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("traceId").GetString()));
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.DoesNotContain("Exception", problem.GetProperty("title").GetString());
        Assert.Equal(request.Field, Text(problem, "field"));
        if (request.Element is { } element)
        {
            Assert.Equal(element, problem.GetProperty("element").GetInt32());
        }

        Assert.Equal(JsonValueKind.Array, (await server.Client.JsonAsync("/api/popular?n=1")).ValueKind);
    }

    private static string? Text(JsonElement problem, string name) => problem.TryGetProperty(name, out var value) ? value.GetString() : null;

    private async Task<HttpResponseMessage> SendAsync(MalformedRequest request)
    {
        // Uri would tidy the escapes up before they are sent.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri($"{server.Address.GetLeftPart(UriPartial.Authority)}{request.Target}", options));
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            if (request.ContentType.Length > 0 && !message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType))
            {
                message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
            }
        }

        return await server.Client.SendAsync(message, TestContext.Current.CancellationToken);
    }
}
