using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace ServerlessRec.Api.Problems;

/// <summary>The body of every error: RFC 9457, with the field and the element that are wrong.</summary>
internal sealed record ProblemBody(
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("status")] int Status,
    [property: JsonPropertyName("field")] string? Field,
    [property: JsonPropertyName("element")] int? Element,
    [property: JsonPropertyName("traceId")] string TraceId);

[JsonSerializable(typeof(ProblemBody))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ProblemJson : JsonSerializerContext;

/// <summary>Writes problem answers.</summary>
public static class ProblemAnswer
{
    /// <summary>Answers with a problem; does nothing when the answer has begun.</summary>
    public static async Task WriteAsync(HttpContext context, RequestException problem)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(problem);
        if (context.Response.HasStarted)
        {
            return;
        }

        var response = context.Response;
        var allow = response.Headers.Allow;
        response.Clear();
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        response.Headers.Allow = allow;
        response.Headers.CacheControl = "no-store";
        var isTooLarge = problem.Status == StatusCodes.Status413PayloadTooLarge && HttpProtocol.IsHttp11(context.Request.Protocol);
        if (isTooLarge)
        {
            // Not all of the rest may be read, so the connection cannot carry another request; a client that is not told loses its next one.
            response.Headers.Connection = "close";
        }

        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var body = new ProblemBody(problem.Message, problem.Status, problem.Field, problem.Element, TraceIdOf(context));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, ProblemJson.Default.ProblemBody);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
        if (isTooLarge)
        {
            await response.Body.FlushAsync(context.RequestAborted);
            await RefusedBody.DiscardAsync(context);
        }
    }

    /// <summary>The id under which the log knows this request.</summary>
    internal static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
