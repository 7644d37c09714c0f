using System.Globalization;
using System.Text.Json;
using ServerlessRec.Api.Triggers;

namespace ServerlessRec.Standalone.CustomHandler;

/// <summary>Reads what a Functions host posts: arrays stand inside strings, times carry no zone and are UTC.</summary>
internal static class HandlerPayload
{
    /// <summary>The batch of an event hub trigger with cardinality many and data type string.</summary>
    /// <exception cref="FormatException">It has another shape.</exception>
    public static async Task<HubBatch> ReadBatchAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        try
        {
            var metadata = body.RootElement.GetProperty("Metadata");
            return new HubBatch(
                Unfold(metadata.GetProperty("PartitionContext")).GetProperty("PartitionId").GetString()!,
                [.. Unfold(body.RootElement.GetProperty("Data").GetProperty(HandlerFiles.EventsName)).EnumerateArray().Select(text => text.GetString()!)],
                [.. Unfold(metadata.GetProperty("SequenceNumberArray")).EnumerateArray().Select(number => number.GetInt64())],
                [.. Unfold(metadata.GetProperty("EnqueuedTimeUtcArray")).EnumerateArray().Select(time => Utc(time.GetString()!))]);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or JsonException)
        {
            throw new FormatException($"The host's payload is not that of an event hub batch: {exception.Message}", exception);
        }
    }

    // A value is itself, or its JSON in a string.
    private static JsonElement Unfold(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return element;
        }

        using var inner = JsonDocument.Parse(element.GetString()!);
        return inner.RootElement.Clone();
    }

    private static DateTimeOffset Utc(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
