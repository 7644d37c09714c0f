using System.Text.Json;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Api.Feedback;

/// <summary>An array of Feedback in a body.</summary>
internal static class FeedbackBody
{
    private const int MaxComment = 4096;
    private const int MaxLabels = 16 * 1024;

    // Updated stands in what a Gorse server answers, so it comes back when a client copies feedback; it says nothing.
    private static readonly string[] Names =
        ["FeedbackType", "UserId", "ItemId", "Value", "Timestamp", "Labels", "Comment", "EventId", "RecommendationId", "Updated"];

    /// <summary>Every element, or the first that is wrong as an exception.</summary>
    /// <param name="reader">On the body's first token.</param>
    /// <param name="now">The time of an element that has none.</param>
    /// <param name="overwrite">Sent by PUT: the value replaces the earlier one.</param>
    /// <param name="session">One anonymous session: the user id may be missing.</param>
    public static List<FeedbackEvent> Read(ref Utf8JsonReader reader, DateTimeOffset now, bool overwrite, bool session)
    {
        var events = new List<FeedbackEvent>();
        var eventIds = new Dictionary<string, int>(StringComparer.Ordinal);
        JsonArrays.Start(ref reader);
        for (reader.Read(); reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            var read = Element(ref reader, events.Count, now, overwrite, session);
            if (read.EventId is { } id && !eventIds.TryAdd(id, events.Count))
            {
                throw RequestException.Invalid("EventId", $"EventId '{id}' stands in element {eventIds[id]} already.", events.Count);
            }

            events.Add(read);
        }

        return events;
    }

    private static FeedbackEvent Element(ref Utf8JsonReader reader, int element, DateTimeOffset now, bool overwrite, bool session)
    {
        var fields = new JsonFields(ref reader, Names, element);
        string? type = null, user = null, item = null, labels = null, comment = null, eventId = null, recommendation = null;
        double? value = null;
        DateTimeOffset? time = null;
        for (var field = fields.Next(ref reader); field >= 0; field = fields.Next(ref reader))
        {
            switch (field)
            {
                case 0: type = fields.Identifier(ref reader, field, Identifiers.MaxFeedbackType); break;
                case 1: user = session ? fields.Text(ref reader, field, Identifiers.MaxLength) : fields.Identifier(ref reader, field); break;
                case 2: item = fields.Identifier(ref reader, field); break;
                case 3: value = fields.Number(ref reader, field); break;
                case 4: time = fields.Time(ref reader, field); break;
                case 5: labels = fields.Json(ref reader, field, MaxLabels); break;
                case 6: comment = fields.Text(ref reader, field, MaxComment); break;
                case 7: eventId = fields.Identifier(ref reader, field); break;
                case 8: recommendation = fields.Identifier(ref reader, field); break;
                default: fields.Time(ref reader, field); break;
            }
        }

        return new FeedbackEvent
        {
            FeedbackType = type ?? throw fields.Invalid(0, "is missing."),
            UserId = user ?? (session ? "" : throw fields.Invalid(1, "is missing.")),
            ItemId = item ?? throw fields.Invalid(2, "is missing."),
            Value = value ?? 1,
            Timestamp = time ?? now,
            LabelsJson = labels,
            Comment = comment ?? "",
            EventId = eventId,
            RecommendationId = recommendation,
            Overwrite = overwrite,
        };
    }
}
