using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ServerlessRec.FunctionsHost.Host;

/// <summary>What a host's HTTP side does with every function's route: takes the request and passes it on, path and query as they came.</summary>
internal static class HttpFront
{
    private static readonly string[] NotPassedOn = ["Host", "Connection", "Transfer-Encoding", "Content-Length", "Content-Type"];

    /// <summary>Listens to the routes of HTTP functions.</summary>
    /// <param name="app">Where.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="binding">Its trigger, as the worker or a function.json tells it.</param>
    /// <param name="answer">Answers a request of that function.</param>
    public static void Map(WebApplication app, string function, JsonElement binding, Func<string, HttpContext, Task> answer)
    {
        var route = binding.TryGetProperty("route", out var given) ? given.GetString()! : function;

        // The real host refuses such a function when it starts.
        Assert.False(route.StartsWith("admin", StringComparison.OrdinalIgnoreCase), $"{function}: a host accepts no route that begins with 'admin'.");
        var methods = binding.GetProperty("methods").EnumerateArray().Select(method => method.GetString()!.ToUpperInvariant()).ToArray();
        app.MapMethods("/api/" + route, methods, context => answer(function, context));
    }

    /// <summary>Passes a request on and its answer back.</summary>
    public static async Task ForwardAsync(HttpContext context, HttpClient client, Uri server, Action<HttpRequestMessage> complete)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var uri = new Uri(server.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), uri);
        if (context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            request.Content.Headers.ContentLength = context.Request.ContentLength;
        }

        foreach (var header in context.Request.Headers.Where(header => !NotPassedOn.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
        }

        complete(request);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection")))
        {
            context.Response.Headers.Append(name, values.ToArray());
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
