using System.Text.Json;

namespace ServerlessRec.Training.Importers.Gorse;

/// <summary>Typed reading of a line's properties; null counts as missing.</summary>
internal static class JsonFields
{
    /// <summary>A required string of 1 to <paramref name="longest"/> characters, without control characters.</summary>
    public static string Id(this JsonLineReader line, string name, int longest = ImportLimits.MaxIdLength)
    {
        var id = line.Find(name, JsonValueKind.String) is { } value ? line.StringOf(value, name) : "";
        if (id.Length == 0)
        {
            throw line.Problem($"{name} is missing or empty");
        }

        if (id.Length > longest)
        {
            throw line.Problem($"{name} is longer than {longest} characters");
        }

        return id.Any(char.IsControl) ? throw line.Problem($"{name} holds a control character") : id;
    }

    /// <summary>Text; empty when missing.</summary>
    public static string Text(this JsonLineReader line, string name) =>
        line.Find(name, JsonValueKind.String) is { } value ? line.StringOf(value, name) : "";

    /// <summary>A flag; false when missing.</summary>
    public static bool Flag(this JsonLineReader line, string name)
    {
        if (!line.TryFind(name, out var value))
        {
            return false;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw line.Problem($"{name} must be true or false, found {value.ValueKind}");
    }

    /// <summary>A number in the range of a float; 1 when missing.</summary>
    public static float Value(this JsonLineReader line, string name)
    {
        if (line.Find(name, JsonValueKind.Number) is not { } value)
        {
            return 1;
        }

        return value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
            : throw line.Problem($"{name} {ErrorExcerpt.Of(value.GetRawText())} is out of range");
    }

    /// <summary>Strings, none twice; empty when missing.</summary>
    public static string[] Strings(this JsonLineReader line, string name)
    {
        if (line.Find(name, JsonValueKind.Array) is not { } array)
        {
            return [];
        }

        return [.. array.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.String
            ? line.StringOf(element, name)
            : throw line.Problem($"{name} must hold strings, found {element.ValueKind}")).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Any JSON as its text; null when missing.</summary>
    public static string? Json(this JsonLineReader line, string name) => line.TryFind(name, out var value) ? value.GetRawText() : null;

    /// <summary>A moment; null when missing or Gorse's "no time" (year 1).</summary>
    public static DateTimeOffset? Moment(this JsonLineReader line, string name)
    {
        var text = line.Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (!RfcTime.TryParse(text, out var moment))
        {
            throw line.Problem($"{name} '{ErrorExcerpt.Of(text)}' is not a time such as 2026-11-24T22:30:00Z");
        }

        if (moment.Year == 1)
        {
            return null;
        }

        return ImportedTime.IsInRange(moment)
            ? moment
            : throw line.Problem($"{name} '{ErrorExcerpt.Of(text)}' is not between the years 1970 and 2100");
    }

    private static JsonElement? Find(this JsonLineReader line, string name, JsonValueKind kind)
    {
        if (!line.TryFind(name, out var value))
        {
            return null;
        }

        return value.ValueKind == kind ? value : throw line.Problem($"{name} must be a JSON {kind}, found {value.ValueKind}");
    }

    private static bool TryFind(this JsonLineReader line, string name, out JsonElement value) =>
        line.Current.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    // Half a surrogate pair passes as JSON ("\uD800") but is no text.
    private static string StringOf(this JsonLineReader line, JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException failure)
        {
            throw line.Problem($"{name} is not valid text: {failure.Message}");
        }
    }
}
