using System.Text.Json;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>Reads a line of archive or dead letters: an object with Partition, Sequence, AcceptedAt and further fields.</summary>
internal static class ArchiveLine
{
    /// <summary>Null where the line is no such object.</summary>
    public static LoggedFeedback? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return Read(ref reader, line);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static LoggedFeedback? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        var (partition, sequence, acceptedAt) = (-1, -1L, DateTimeOffset.MinValue);
        FeedbackEvent? feedback = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("Partition"u8))
            {
                reader.Read();
                partition = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("Sequence"u8))
            {
                reader.Read();
                sequence = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("AcceptedAt"u8))
            {
                reader.Read();
                acceptedAt = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("Feedback"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                feedback = FeedbackJson.Read(line[start..(int)reader.BytesConsumed], acceptedAt).Feedback;
            }
            else
            {
                reader.Skip();
            }
        }

        return feedback is null || partition < 0 ? null : new LoggedFeedback(feedback, partition, sequence, acceptedAt);
    }
}
