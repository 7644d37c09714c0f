using System.Text.Json;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Privacy;

/// <summary>
/// Everything that is stored of one user as one JSON object: User (id, labels, comment), History, SeenItems (how many), Vector, DeletedAt, and
/// Archive: every event of the user that the archive still has, deleted or not. Reads the whole archive.
/// </summary>
public sealed class UserExport(IUserStore users, IBlobStore blobs)
{
    /// <summary>Writes the object; false when nothing is stored of the user, and then nothing is written.</summary>
    /// <exception cref="UserStoreException">The store is away.</exception>
    /// <exception cref="BlobStoreException">The store is away.</exception>
    public async Task<bool> WriteAsync(string userId, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(destination);
        var stored = await users.ReadAsync(userId, cancellationToken).ConfigureAwait(false);
        var archived = new List<LoggedFeedback>();
        await foreach (var logged in new FeedbackArchiveReader(blobs)
            .ReadAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            if (logged.Event.UserId == userId)
            {
                archived.Add(logged);
            }
        }

        if (stored is null && archived.Count == 0)
        {
            return false;
        }

        var json = new Utf8JsonWriter(destination, new JsonWriterOptions { Indented = true });
        await using var _ = json.ConfigureAwait(false);
        json.WriteStartObject();
        WriteState(stored?.State ?? HistoryUpdate.NewUser(userId), json);
        json.WriteStartArray("Archive"u8);
        foreach (var logged in archived)
        {
            json.WriteStartObject();
            json.WriteString("AcceptedAt"u8, logged.AcceptedAt.UtcDateTime);
            FeedbackJson.WriteFields(logged.Event, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return true;
    }

    private static void WriteState(UserState state, Utf8JsonWriter json)
    {
        json.WriteStartObject("User"u8);
        json.WriteString("UserId"u8, state.User.UserId);
        if (state.User.LabelsJson is { Length: > 0 } labels)
        {
            json.WritePropertyName("Labels"u8);
            json.WriteRawValue(labels);
        }

        json.WriteString("Comment"u8, state.User.Comment);
        json.WriteEndObject();
        if (state.DeletedAt is { } deletedAt)
        {
            json.WriteString("DeletedAt"u8, deletedAt.UtcDateTime);
        }

        json.WriteStartArray("History"u8);
        foreach (var entry in state.History)
        {
            json.WriteStartObject();
            json.WriteString("FeedbackType"u8, entry.FeedbackType);
            json.WriteString("ItemId"u8, entry.ItemId);
            json.WriteNumber("Value"u8, entry.Value);
            json.WriteString("Timestamp"u8, entry.Timestamp.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("SeenItems"u8, state.SeenItems.Count);
        json.WriteStartArray("Vector"u8);
        foreach (var value in state.Vector.Span)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
