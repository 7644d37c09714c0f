using System.Text;
using System.Text.Json;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>The fields of a feedback while they are read, and the rules they must keep.</summary>
internal struct FeedbackFields
{
    private const int MaxIdLength = 256;
    private const int MaxTypeLength = 64;

    private string? _type;
    private string? _user;
    private string? _item;
    private double? _value;
    private string? _labels;
    private string? _comment;
    private string? _eventId;
    private string? _recommendationId;
    private bool _overwrite;

    public DateTimeOffset Timestamp { get; set; }

    public void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("one JSON object is expected");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader, utf8);
        }

        if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
        {
            throw new FormatException("one JSON object is expected");
        }
    }

    /// <summary>The first rule that is broken; null when all are kept.</summary>
    public readonly string? Fault() =>
        Length("FeedbackType", _type, MaxTypeLength)
        ?? Length("UserId", _user, MaxIdLength)
        ?? Length("ItemId", _item, MaxIdLength)
        ?? (_eventId is null ? null : Length("EventId", _eventId, MaxIdLength))
        ?? (_value is { } value && !double.IsFinite(value) ? "Value is not finite" : null);

    public readonly FeedbackEvent ToFeedback() => new()
    {
        FeedbackType = _type!,
        UserId = _user!,
        ItemId = _item!,
        Value = _value ?? 1,
        Timestamp = Timestamp,
        LabelsJson = _labels,
        Comment = _comment ?? "",
        EventId = _eventId,
        RecommendationId = _recommendationId,
        Overwrite = _overwrite,
    };

    private void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        // The longest known name has 16 bytes and no escapes; any other name is passed over.
        Span<byte> name = stackalloc byte[32];
        var isShort = !reader.HasValueSequence && reader.ValueSpan.Length <= name.Length;
        name = isShort ? name[..reader.CopyString(name)] : [];
        reader.Read();
        switch (name)
        {
            case var _ when name.SequenceEqual("FeedbackType"u8): _type = reader.GetString(); break;
            case var _ when name.SequenceEqual("UserId"u8): _user = reader.GetString(); break;
            case var _ when name.SequenceEqual("ItemId"u8): _item = reader.GetString(); break;
            case var _ when name.SequenceEqual("Value"u8): _value = reader.GetDouble(); break;
            case var _ when name.SequenceEqual("Timestamp"u8): Timestamp = reader.GetDateTimeOffset(); break;
            case var _ when name.SequenceEqual("Labels"u8): _labels = ReadLabels(ref reader, utf8); break;
            case var _ when name.SequenceEqual("Comment"u8): _comment = reader.GetString(); break;
            case var _ when name.SequenceEqual("EventId"u8): _eventId = reader.GetString(); break;
            case var _ when name.SequenceEqual("RecommendationId"u8): _recommendationId = reader.GetString(); break;
            case var _ when name.SequenceEqual("Overwrite"u8): _overwrite = reader.GetBoolean(); break;
            default: reader.Skip(); break;
        }
    }

    private static string? ReadLabels(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var start = (int)reader.TokenStartIndex;
        var isNull = reader.TokenType == JsonTokenType.Null;
        reader.Skip();
        return isNull ? null : Encoding.UTF8.GetString(utf8[start..(int)reader.BytesConsumed]);
    }

    private static string? Length(string field, string? text, int most) => text switch
    {
        null => $"{field} is missing",
        { Length: 0 } => $"{field} is empty",
        _ when text.Length > most => $"{field} has {text.Length} characters; {most} are allowed",
        _ => null,
    };
}
