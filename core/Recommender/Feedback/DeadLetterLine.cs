using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>A dead letter as a line of JSON; its bytes as text where they are UTF-8, for people, and as Base64 otherwise.</summary>
internal static class DeadLetterLine
{
    public static void Write(DeadLetter letter, ArrayBufferWriter<byte> lines)
    {
        var payload = letter.Raw.Payload.Span;
        var isText = System.Text.Unicode.Utf8.IsValid(payload);
        var line = new DeadLetterRecord(
            letter.Raw.Partition,
            letter.Raw.Sequence,
            letter.Raw.AcceptedAt,
            letter.Reason,
            isText ? System.Text.Encoding.UTF8.GetString(payload) : null,
            isText ? null : payload.ToArray());
        lines.Write(JsonSerializer.SerializeToUtf8Bytes(line, DeadLetterJson.Default.DeadLetterRecord));
        lines.Write("\n"u8);
    }

    /// <summary>Null: the line is no dead letter.</summary>
    public static DeadLetter? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, DeadLetterJson.Default.DeadLetterRecord) is { } record
                ? new DeadLetter(new RawFeedback(record.Partition, record.Sequence, record.AcceptedAt, Payload(record)), record.Reason)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Payload(DeadLetterRecord record) =>
        record.PayloadBase64 ?? System.Text.Encoding.UTF8.GetBytes(record.Payload ?? "");
}

/// <summary>The fields of a line.</summary>
internal sealed record DeadLetterRecord(
    int Partition, long Sequence, DateTimeOffset AcceptedAt, string Reason, string? Payload, byte[]? PayloadBase64);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeadLetterRecord))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
