using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Requests;

/// <summary>Reads a JSON body: its type, its size, its encoding; the fields are <see cref="JsonFields"/>' subject.</summary>
internal static class RequestBody
{
    /// <summary>Levels of nesting at most.</summary>
    public const int MaxDepth = 32;

    /// <summary>Turns the bytes of a body into what it says.</summary>
    public delegate T Parser<out T>(ref Utf8JsonReader reader);

    /// <summary>Reads the whole body and parses it; the parser ends on the last token, and nothing may follow.</summary>
    /// <exception cref="RequestException">400 not JSON, 413 too large, 415 another content type.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, long maxBytes, Parser<T> parse)
    {
        CheckType(context.Request);
        var length = context.Request.ContentLength;
        if (length > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > maxBytes)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                throw TooLarge(maxBytes);
            }

            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                return Parse(read.Buffer, parse);
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End);
            }
        }
    }

    private static T Parse<T>(ReadOnlySequence<byte> body, Parser<T> parse)
    {
        if (body.IsSingleSegment)
        {
            return Parse(body.FirstSpan, parse);
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(rented);
            return Parse(rented.AsSpan(0, (int)body.Length), parse);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> body, Parser<T> parse)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            body = body["\uFEFF"u8.Length..];
        }

        if (!Utf8.IsValid(body))
        {
            throw new RequestException(StatusCodes.Status400BadRequest, "The body is not valid UTF-8.");
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            var result = parse(ref reader);
            reader.Read();
            return result;
        }
        catch (JsonException exception)
        {
            var line = (exception.LineNumber + 1)?.ToString(CultureInfo.InvariantCulture);
            var column = (exception.BytePositionInLine + 1)?.ToString(CultureInfo.InvariantCulture);
            var reason = exception.Message.Split(" LineNumber:")[0];
            throw new RequestException(StatusCodes.Status400BadRequest, $"The body is not valid JSON at line {line}, byte {column}: {reason}");
        }
    }

    private static void CheckType(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "The body must not be compressed.") { Field = "Content-Encoding" };
        }

        // Anything else could be sent by a page of another origin without the browser asking first.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "The body must be sent with Content-Type: application/json.")
            {
                Field = "Content-Type",
            };
        }
    }

    private static RequestException TooLarge(long maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {maxBytes} bytes; send it in several parts.");
}
