using System.Text.Json;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Answers;

/// <summary>The shapes of the contract, as Gorse's clients read them: PascalCase, no field ever missing.</summary>
internal static class Shapes
{
    // What Gorse answers for an item without a time.
    private static readonly DateTime NoTime = new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>["id", …].</summary>
    public static void Ids(Utf8JsonWriter writer, IReadOnlyList<ScoredItem> items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStringValue(item.Id);
        }

        writer.WriteEndArray();
    }

    /// <summary>[{Id, Score}, …].</summary>
    public static void Scores(Utf8JsonWriter writer, IReadOnlyList<ScoredItem> items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStartObject();
            writer.WriteString("Id"u8, item.Id);
            writer.WriteNumber("Score"u8, item.Score);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>[{Id, Score, Explain: {Stage, IsNew, Reasons: [{Id, Score}]}}, …].</summary>
    public static void ExplainedScores(Utf8JsonWriter writer, Recommendations list)
    {
        writer.WriteStartArray();
        for (var i = 0; i < list.Items.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("Id"u8, list.Items[i].Id);
            writer.WriteNumber("Score"u8, list.Items[i].Score);
            writer.WriteStartObject("Explain"u8);
            writer.WriteString("Stage"u8, list.Explanations![i].Stage);
            writer.WriteBoolean("IsNew"u8, list.Explanations[i].IsNew);
            writer.WritePropertyName("Reasons"u8);
            Scores(writer, list.Explanations[i].Reasons);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>{ItemId, IsHidden, Categories, Timestamp, Labels, Comment}.</summary>
    public static void Item(Utf8JsonWriter writer, Item item)
    {
        writer.WriteStartObject();
        writer.WriteString("ItemId"u8, item.ItemId);
        writer.WriteBoolean("IsHidden"u8, item.IsHidden);
        writer.WriteStartArray("Categories"u8);
        foreach (var category in item.Categories)
        {
            writer.WriteStringValue(category);
        }

        writer.WriteEndArray();
        writer.WriteString("Timestamp"u8, item.Timestamp?.UtcDateTime ?? NoTime);
        Labels(writer, item.LabelsJson);
        writer.WriteString("Comment"u8, item.Comment);
        writer.WriteEndObject();
    }

    /// <summary>{UserId, Labels, Comment}.</summary>
    public static void User(Utf8JsonWriter writer, User user)
    {
        writer.WriteStartObject();
        writer.WriteString("UserId"u8, user.UserId);
        Labels(writer, user.LabelsJson);
        writer.WriteString("Comment"u8, user.Comment);
        writer.WriteEndObject();
    }

    /// <summary>{FeedbackType, UserId, ItemId, Value, Timestamp, Labels, Comment}.</summary>
    public static void Feedback(Utf8JsonWriter writer, FeedbackEvent entry)
    {
        writer.WriteStartObject();
        writer.WriteString("FeedbackType"u8, entry.FeedbackType);
        writer.WriteString("UserId"u8, entry.UserId);
        writer.WriteString("ItemId"u8, entry.ItemId);
        writer.WriteNumber("Value"u8, entry.Value);
        writer.WriteString("Timestamp"u8, entry.Timestamp.UtcDateTime);
        Labels(writer, null);
        writer.WriteString("Comment"u8, "");
        writer.WriteEndObject();
    }

    /// <summary>[Feedback, …].</summary>
    public static void FeedbackList(Utf8JsonWriter writer, IEnumerable<FeedbackEvent> list)
    {
        writer.WriteStartArray();
        foreach (var entry in list)
        {
            Feedback(writer, entry);
        }

        writer.WriteEndArray();
    }

    private static void Labels(Utf8JsonWriter writer, string? json)
    {
        writer.WritePropertyName("Labels"u8);
        if (json is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }
}
