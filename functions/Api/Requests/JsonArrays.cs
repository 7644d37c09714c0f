using System.Text.Json;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Requests;

/// <summary>The array around the elements of a body.</summary>
internal static class JsonArrays
{
    /// <summary>Reads one element; the reader stands on its first token and then on its last.</summary>
    public delegate T ElementReader<out T>(ref Utf8JsonReader reader, int? element);

    /// <summary>Says so when the reader does not stand on an array.</summary>
    public static void Start(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new RequestException(400, "The body must be a JSON array.");
        }
    }

    /// <summary>Every element; none may have the key of another.</summary>
    public static List<T> Read<T>(ref Utf8JsonReader reader, string keyName, ElementReader<T> read, Func<T, string> key)
    {
        var elements = new List<T>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        Start(ref reader);
        for (reader.Read(); reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            var element = read(ref reader, elements.Count);
            if (!places.TryAdd(key(element), elements.Count))
            {
                throw RequestException.Invalid(keyName, $"{keyName} '{key(element)}' stands in element {places[key(element)]} already.", elements.Count);
            }

            elements.Add(element);
        }

        return elements;
    }
}
