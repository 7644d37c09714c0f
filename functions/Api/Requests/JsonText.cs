using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ServerlessRec.Api.Requests;

/// <summary>Copies a JSON value out of a body as text, without white space.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The value that the reader stands on, which then stands on its last token; null when it is longer than <paramref name="maxBytes"/>.</summary>
    public static string? Copy(ref Utf8JsonReader reader, int maxBytes)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Relaxed))
        {
            value.WriteTo(writer);
        }

        return bytes.WrittenCount <= maxBytes ? Encoding.UTF8.GetString(bytes.WrittenSpan) : null;
    }
}
