using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>Reads `train.json`: members of <see cref="TrainingOptions"/>; what is not named keeps its default.</summary>
internal static class TrainingFile
{
    /// <summary>How options are written; what is not one is refused.</summary>
    internal static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WithoutWhatIsChosen } },
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly JsonSerializerOptions Indented = new(Strict) { WriteIndented = true };

    /// <summary>The options in a file; ranges are not checked yet.</summary>
    /// <exception cref="InvalidDataException">It is no such file; the message says where and why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TrainingOptions Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingOptions>(File.ReadAllBytes(path), Strict)
                ?? throw new InvalidDataException($"{path}:1: 'null' where an object of training options is expected.");
        }
        catch (JsonException fault)
        {
            var place = fault.Path is { Length: > 1 } member ? $"{member[(member[1] == '.' ? 2 : 1)..]}: " : "";
            throw new InvalidDataException($"{path}:{(fault.LineNumber ?? 0) + 1}: {place}{Reason(fault)}", fault);
        }
    }

    /// <summary>Writes a file that <see cref="Read"/> reads, whole or not at all.</summary>
    public static void Write(string path, TrainingOptions options)
    {
        var unfinished = path + ".unfinished";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(options, Indented) + "\n");
        File.Move(unfinished, path, overwrite: true);
    }

    // The options of the same name, one level up, decide these.
    private static void WithoutWhatIsChosen(JsonTypeInfo type)
    {
        if (type.Type != typeof(TowerShape))
        {
            return;
        }

        foreach (var chosen in type.Properties.Where(property => property.Name is "userTower" or "historyLength").ToList())
        {
            type.Properties.Remove(chosen);
        }
    }

    // The serializer's own text names .NET types and repeats the place.
    private static string Reason(JsonException fault)
    {
        var text = fault.Message;
        if (text.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return "there is no such option; docs/formats/train-json.md lists them.";
        }

        return text.Contains("could not be converted", StringComparison.Ordinal)
            ? "the value has the wrong type; docs/formats/train-json.md says what is expected."
            : text[..(text.IndexOf(" Path:", StringComparison.Ordinal) is var end and > 0 ? end : text.Length)];
    }
}
