using System.Text.Json;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Requests;

/// <summary>Reads the fields of one object in a body, strictly: unknown, repeated and mistyped fields are named, with the element they stand in.</summary>
/// <remarks>Names match whatever their case, as Gorse's server reads them: one of its clients writes TimeStamp.</remarks>
internal ref struct JsonFields
{
    private readonly ReadOnlySpan<string> _names;
    private readonly int? _element;
    private uint _seen;

    /// <summary>Fields of the object that the reader stands on.</summary>
    /// <param name="reader">On the object's first token.</param>
    /// <param name="names">The known names, at most 32.</param>
    /// <param name="element">Place in the array around it; null outside of one.</param>
    /// <exception cref="RequestException">400: it is no object.</exception>
    public JsonFields(scoped ref Utf8JsonReader reader, ReadOnlySpan<string> names, int? element)
    {
        _names = names;
        _element = element;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var title = $"an object was expected, but this is {Describe(reader.TokenType)}.";
            throw new RequestException(400, element is null ? "The body: " + title : $"Element {element}: {title}") { Element = element };
        }
    }

    /// <summary>Goes to the next field's value; its place among the names, or -1 at the object's end.</summary>
    public int Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return -1;
        }

        var field = Find(ref reader);
        if ((_seen & (1u << field)) != 0)
        {
            throw Invalid(field, "stands twice.");
        }

        _seen |= 1u << field;
        reader.Read();
        return field;
    }

    /// <summary>The field stood in the object.</summary>
    public readonly bool Has(int field) => (_seen & (1u << field)) != 0;

    /// <summary>A text; null when the value is null.</summary>
    public readonly string? Text(ref Utf8JsonReader reader, int field, int max)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw Invalid(field, $"must be a text; it is {Describe(reader.TokenType)}.");
        }

        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid(field, "holds an escape that is half of a surrogate pair.");
        }

        return text.Length <= max ? text : throw Invalid(field, $"must have at most {max} characters; it has {text.Length}.");
    }

    /// <summary>An id; null when the value is null.</summary>
    public readonly string? Identifier(ref Utf8JsonReader reader, int field, int max = Identifiers.MaxLength) =>
        Text(ref reader, field, int.MaxValue) is { } text ? Identifiers.Check(text, _names[field], _element, max) : null;

    /// <summary>A finite number; null when the value is null.</summary>
    public readonly double? Number(ref Utf8JsonReader reader, int field)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.Number)
        {
            throw Invalid(field, $"must be a number; it is {Describe(reader.TokenType)}.");
        }

        return reader.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Invalid(field, "is out of range.");
    }

    /// <summary>True or false; null when the value is null.</summary>
    public readonly bool? Flag(ref Utf8JsonReader reader, int field) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Invalid(field, $"must be true or false; it is {Describe(reader.TokenType)}."),
    };

    /// <summary>A time; null when the value is null or empty.</summary>
    public readonly DateTimeOffset? Time(ref Utf8JsonReader reader, int field)
    {
        var text = Text(ref reader, field, 64);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return Timestamps.TryParse(text, out var time)
            ? time
            : throw Invalid(field, $"must be an RFC 3339 time such as 2026-11-24T22:30:00Z; it is '{text}'.");
    }

    /// <summary>Any JSON, as text; null when the value is null.</summary>
    public readonly string? Json(ref Utf8JsonReader reader, int field, int maxBytes)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        try
        {
            return JsonText.Copy(ref reader, maxBytes) ?? throw Invalid(field, $"must have at most {maxBytes} bytes of JSON.");
        }
        catch (InvalidOperationException)
        {
            throw Invalid(field, "holds an escape that is half of a surrogate pair.");
        }
    }

    /// <summary>Names, none empty, each kept once, in their order; null when the value is null.</summary>
    public readonly List<string>? Names(ref Utf8JsonReader reader, int field, int maxCount)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Invalid(field, $"must be an array of texts; it is {Describe(reader.TokenType)}.");
        }

        var names = new List<string>();
        for (reader.Read(); reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            var name = Identifier(ref reader, field) ?? throw Invalid(field, "must hold texts only; one is null.");
            if (!names.Contains(name))
            {
                names.Add(name);
            }

            if (names.Count > maxCount)
            {
                throw Invalid(field, $"must have at most {maxCount} entries.");
            }
        }

        return names;
    }

    /// <summary>What is wrong with a field, as an exception to throw.</summary>
    public readonly RequestException Invalid(int field, string what) =>
        RequestException.Invalid(_names[field], $"{_names[field]} {what}", _element);

    private readonly int Find(ref Utf8JsonReader reader)
    {
        string name;
        try
        {
            for (var i = 0; i < _names.Length; i++)
            {
                if (reader.ValueTextEquals(_names[i]))
                {
                    return i;
                }
            }

            name = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape that is half of a surrogate pair: no name that is known.
            name = "\uFFFD";
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (string.Equals(name, _names[i], StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        var shown = name.Length <= 64 ? name : name[..64] + "…";
        throw RequestException.Invalid(shown, $"the field '{shown}' is not known here; known are {string.Join(", ", _names!)}.", _element);
    }

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "null",
    };
}
