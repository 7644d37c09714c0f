using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Retraining;

/// <summary>
/// Puts imported feedback into the feedback archive, in the archive's own form (docs/formats/feedback-log.md), so that the archive is all
/// that later trainings need. The blobs lie in the hour of the newest interaction, and each event's id is made of what it says: importing
/// the same data again replaces the same blobs, and importing more of it adds only what is new.
/// </summary>
internal static class ImportedFeedback
{
    private const int EventsABlob = 50_000;

    /// <summary>Writes all interactions of a data set; durable when it returns. Killed before, it is completed by the next run.</summary>
    /// <exception cref="BlobStoreException">The store is away.</exception>
    public static async Task WriteAsync(IBlobStore blobs, Dataset dataset, CancellationToken cancellationToken)
    {
        var newest = DateTimeOffset.FromUnixTimeMilliseconds(dataset.Interactions[^1].UnixMilliseconds);
        var stem = string.Create(CultureInfo.InvariantCulture, $"{FeedbackArchive.Prefix}{newest.UtcDateTime:yyyy/MM/dd/HH}/import");
        var ids = new ImportedEventIds(dataset);
        for (var start = 0; start < dataset.Interactions.Count; start += EventsABlob)
        {
            using var lines = new MemoryStream();
            using (var writer = new Utf8JsonWriter(lines, new JsonWriterOptions { SkipValidation = true }))
            {
                for (var place = start; place < Math.Min(start + EventsABlob, dataset.Interactions.Count); place++)
                {
                    var interaction = dataset.Interactions[place];
                    WriteLine(writer, Event(dataset, interaction, ids.Next(interaction)), place, newest);
                    lines.WriteByte((byte)'\n');
                }
            }

            lines.Position = 0;
            var path = start == 0 ? $"{stem}.jsonl" : string.Create(CultureInfo.InvariantCulture, $"{stem}-{start / EventsABlob}.jsonl");
            await blobs.WriteAsync(path, lines, WriteCondition.None, cancellationToken).ConfigureAwait(false);
        }
    }

    private static FeedbackEvent Event(Dataset dataset, Interaction interaction, string id) => new()
    {
        FeedbackType = dataset.FeedbackTypes[interaction.Type],
        UserId = dataset.Users[interaction.User].UserId,
        ItemId = dataset.Items[interaction.Item].ItemId,
        Value = interaction.Value,
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(interaction.UnixMilliseconds),
        EventId = id,
    };

    private static void WriteLine(Utf8JsonWriter writer, FeedbackEvent feedback, long sequence, DateTimeOffset acceptedAt)
    {
        writer.WriteStartObject();
        writer.WriteNumber("Partition"u8, 0);
        writer.WriteNumber("Sequence"u8, sequence);
        writer.WriteString("AcceptedAt"u8, acceptedAt.UtcDateTime);
        writer.WritePropertyName("Feedback"u8);
        FeedbackJson.Write(feedback, writer);
        writer.WriteEndObject();
        writer.Flush();
        writer.Reset();
    }

    /// <summary>Names events by what they say; equal ones are counted.</summary>
    private sealed class ImportedEventIds(Dataset dataset)
    {
        private readonly Dictionary<ulong, int> _occurrences = [];
        private readonly ulong[] _users = [.. dataset.Users.Select(user => ItemHash.Of(user.UserId))];
        private readonly ulong[] _items = [.. dataset.Items.Select(item => ItemHash.Of(item.ItemId))];
        private readonly ulong[] _types = [.. dataset.FeedbackTypes.Select(ItemHash.Of)];

        public string Next(Interaction interaction)
        {
            Span<byte> bytes = stackalloc byte[40];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, _users[interaction.User]);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], _items[interaction.Item]);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], _types[interaction.Type]);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], interaction.UnixMilliseconds);
            BinaryPrimitives.WriteSingleLittleEndian(bytes[32..], interaction.Value);
            bytes[36..].Clear();
            var hash = XxHash64.HashToUInt64(bytes);
            var occurrence = _occurrences[hash] = _occurrences.GetValueOrDefault(hash) + 1;
            return string.Create(CultureInfo.InvariantCulture, $"import:{hash:x16}:{occurrence}");
        }
    }
}
