using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ServerlessRec.Api.Answers;

/// <summary>Writes a JSON answer straight into the response, with its length.</summary>
internal static class JsonAnswer
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Answers with what <paramref name="write"/> writes of <paramref name="content"/>.</summary>
    public static async Task WriteAsync<T>(HttpContext context, T content, Action<Utf8JsonWriter, T> write, int status = StatusCodes.Status200OK)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await using (var writer = new Utf8JsonWriter(response.BodyWriter, Options))
        {
            write(writer, content);
            writer.Flush();
            response.ContentLength = writer.BytesCommitted;
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
