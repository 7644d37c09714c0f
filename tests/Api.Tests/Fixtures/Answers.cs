using System.Net;
using System.Text.Json;

namespace ServerlessRec.Api.Tests.Fixtures;

/// <summary>Reads answers as a client does.</summary>
internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpClient client, string target)
    {
        using var answer = await client.GetAsync(target, TestContext.Current.CancellationToken);
        return await answer.JsonAsync(HttpStatusCode.OK);
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == expected, $"{answer.RequestMessage?.RequestUri} answered {answer.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
