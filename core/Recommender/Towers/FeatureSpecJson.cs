using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessRec.Recommender.Towers;

/// <summary>Reads and writes `features.json` (docs/formats/release.md).</summary>
public static class FeatureSpecJson
{
    /// <summary>The file's bytes: UTF-8, the same bytes for the same spec.</summary>
    /// <exception cref="InvalidDataException">The spec is out of range; the message names the field.</exception>
    public static byte[] Write(FeatureSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Validate(spec);
        return JsonSerializer.SerializeToUtf8Bytes(spec, FeatureSpecContext.Default.FeatureSpec);
    }

    /// <summary>The spec in <paramref name="utf8"/>.</summary>
    /// <exception cref="InvalidDataException">Not a features.json, a newer format, or a value out of range; the message names the field.</exception>
    public static FeatureSpec Read(ReadOnlySpan<byte> utf8)
    {
        FeatureSpec spec;
        try
        {
            spec = JsonSerializer.Deserialize(utf8, FeatureSpecContext.Default.FeatureSpec)
                ?? throw new InvalidDataException("features.json holds null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"features.json is not readable: {e.Message}", e);
        }

        Validate(spec);
        return spec;
    }

    /// <summary>Checks every range.</summary>
    /// <exception cref="InvalidDataException">A value is out of range; the message names the field.</exception>
    public static void Validate(FeatureSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Require(spec.Format is > 0 and <= FeatureSpec.CurrentFormat, "format", $"{spec.Format} is not one this version reads (1–{FeatureSpec.CurrentFormat})");
        Require(spec.Dimensions is >= 8 and <= 2048, "dimensions", $"{spec.Dimensions} is not in 8–2048");
        Require(spec.HistoryLength is >= 1 and <= 200, "historyLength", $"{spec.HistoryLength} is not in 1–200");
        Require(spec.MaxCategories is >= 1 and <= 256, "maxCategories", $"{spec.MaxCategories} is not in 1–256");
        Require(spec.MaxWords is >= 1 and <= 1024, "maxWords", $"{spec.MaxWords} is not in 1–1024");
        Require(spec.TextBuckets is >= 0 and <= 1 << 24, "textBuckets", $"{spec.TextBuckets} is not in 0–{1 << 24}");
        RequireDistinct(spec.FeedbackTypes, "feedbackTypes");
        RequireDistinct(spec.Categories, "categories");
        RequireDistinct(spec.Numbers?.Select(n => n.Label), "numbers");
        RequireDistinct(spec.Embeddings?.Select(e => e.Label), "embeddings");
        foreach (var number in spec.Numbers!)
        {
            Require(double.IsFinite(number.Mean), "numbers", $"the mean of '{number.Label}' is not finite");
            Require(double.IsFinite(number.Scale) && number.Scale > 0, "numbers", $"the scale of '{number.Label}' is not greater than 0");
        }

        foreach (var embedding in spec.Embeddings!)
        {
            Require(embedding.Dimensions is >= 1 and <= 4096, "embeddings", $"the dimensions of '{embedding.Label}' are not in 1–4096");
        }
    }

    private static void RequireDistinct(IEnumerable<string>? names, string field)
    {
        Require(names is not null, field, "it is null");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names!)
        {
            Require(!string.IsNullOrEmpty(name), field, "it holds an empty name");
            Require(seen.Add(name), field, $"'{name}' stands in it twice");
        }
    }

    private static void Require(bool holds, string field, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"features.json, field '{field}': {otherwise}.");
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    IgnoreReadOnlyProperties = true,
    NewLine = "\n")]
[JsonSerializable(typeof(FeatureSpec))]
internal sealed partial class FeatureSpecContext : JsonSerializerContext;
