using System.Text.Json;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>
/// A feedback as JSON, in the log, in the archive and in an Event Hub: the API's shape (FeedbackType, UserId, ItemId, Value, Timestamp,
/// Labels, Comment, EventId, RecommendationId) and Overwrite. Fields with their default are left out. Thread-safe.
/// </summary>
public static class FeedbackJson
{
    /// <summary>Writes one object.</summary>
    public static void Write(FeedbackEvent feedback, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteFields(feedback, writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the fields into an object that is open.</summary>
    internal static void WriteFields(FeedbackEvent feedback, Utf8JsonWriter writer)
    {
        writer.WriteString("FeedbackType"u8, feedback.FeedbackType);
        writer.WriteString("UserId"u8, feedback.UserId);
        writer.WriteString("ItemId"u8, feedback.ItemId);
        if (!feedback.Value.Equals(1.0))
        {
            writer.WriteNumber("Value"u8, feedback.Value);
        }

        writer.WriteString("Timestamp"u8, feedback.Timestamp.UtcDateTime);
        if (feedback.LabelsJson is { } labels)
        {
            writer.WritePropertyName("Labels"u8);
            writer.WriteRawValue(labels);
        }

        WriteText(writer, "Comment"u8, feedback.Comment);
        WriteText(writer, "EventId"u8, feedback.EventId);
        WriteText(writer, "RecommendationId"u8, feedback.RecommendationId);
        if (feedback.Overwrite)
        {
            writer.WriteBoolean("Overwrite"u8, true);
        }
    }

    /// <summary>
    /// Reads one object. Unknown fields are passed over; a missing Timestamp is <paramref name="acceptedAt"/>.
    /// </summary>
    /// <returns>The feedback, or null and the reason.</returns>
    public static (FeedbackEvent? Feedback, string? Fault) Read(ReadOnlySpan<byte> utf8, DateTimeOffset acceptedAt)
    {
        var fields = new FeedbackFields { Timestamp = acceptedAt };
        try
        {
            var reader = new Utf8JsonReader(utf8);
            fields.Read(ref reader, utf8);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            return (null, $"malformed: {malformed.Message}");
        }

        var fault = fields.Fault();
        return fault is null ? (fields.ToFeedback(), null) : (null, fault);
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            writer.WriteString(name, text);
        }
    }
}
