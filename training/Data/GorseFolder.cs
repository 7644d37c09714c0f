using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessRec.Training.Data;

/// <summary>Writes a data set as JSON lines in the shapes of the HTTP contract: `users.jsonl`, `items.jsonl`, `feedback.jsonl`.</summary>
public static class GorseFolder
{
    private static readonly JsonWriterOptions Compact = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes the three files, replacing older ones. Each appears under its name only when it is whole, feedback last.
    /// </summary>
    public static async Task WriteAsync(Dataset dataset, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        await WriteFileAsync(folder, "items.jsonl", dataset.Items, WriteItem, cancellationToken);
        await WriteFileAsync(folder, "users.jsonl", dataset.Users, WriteUser, cancellationToken);
        await WriteFileAsync(
            folder, "feedback.jsonl", dataset.Interactions, (json, interaction) => WriteFeedback(json, dataset, interaction), cancellationToken);
    }

    private static async Task WriteFileAsync<T>(
        string folder, string name, IReadOnlyList<T> rows, Action<Utf8JsonWriter, T> write, CancellationToken cancellationToken)
    {
        const int rowsAFlush = 500;
        var path = Path.Combine(folder, name);
        var unfinished = path + ".unfinished";
        await using (var file = File.Create(unfinished))
        await using (var json = new Utf8JsonWriter(file, Compact))
        {
            for (var row = 0; row < rows.Count; row++)
            {
                json.WriteStartObject();
                write(json, rows[row]);
                json.WriteEndObject();
                await json.FlushAsync(cancellationToken);
                json.Reset();
                file.WriteByte((byte)'\n');
                if (row % rowsAFlush == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static void WriteItem(Utf8JsonWriter json, Recommender.Catalogue.Item item)
    {
        json.WriteString("ItemId", item.ItemId);
        json.WriteBoolean("IsHidden", item.IsHidden);
        json.WriteStartArray("Categories");
        foreach (var category in item.Categories)
        {
            json.WriteStringValue(category);
        }

        json.WriteEndArray();
        if (item.Timestamp is { } timestamp)
        {
            json.WriteString("Timestamp", timestamp.UtcDateTime);
        }

        WriteLabels(json, item.LabelsJson);
        json.WriteString("Comment", item.Comment);
    }

    private static void WriteUser(Utf8JsonWriter json, Recommender.Users.User user)
    {
        json.WriteString("UserId", user.UserId);
        WriteLabels(json, user.LabelsJson);
        json.WriteString("Comment", user.Comment);
    }

    private static void WriteFeedback(Utf8JsonWriter json, Dataset dataset, Interaction interaction)
    {
        json.WriteString("FeedbackType", dataset.FeedbackTypes[interaction.Type]);
        json.WriteString("UserId", dataset.Users[interaction.User].UserId);
        json.WriteString("ItemId", dataset.Items[interaction.Item].ItemId);
        json.WriteNumber("Value", interaction.Value);
        json.WriteString("Timestamp", DateTimeOffset.FromUnixTimeMilliseconds(interaction.UnixMilliseconds).UtcDateTime);
    }

    private static void WriteLabels(Utf8JsonWriter json, string? labels)
    {
        if (labels is not null)
        {
            json.WritePropertyName("Labels");
            json.WriteRawValue(labels);
        }
    }
}
