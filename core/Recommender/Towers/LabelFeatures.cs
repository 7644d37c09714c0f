using System.Buffers;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;

namespace ServerlessRec.Recommender.Towers;

/// <summary>Walks an item's labels once and picks out the words, numbers and embeddings that a <see cref="FeatureSpec"/> reads. Thread-safe.</summary>
internal sealed class LabelFeatures
{
    private readonly FeatureSpec _spec;
    private readonly (byte[] Name, int Offset, NumberFeature Feature)[] _numbers;
    private readonly (byte[] Name, int Offset, int Dimensions)[] _embeddings;

    public LabelFeatures(FeatureSpec spec)
    {
        _spec = spec;
        _numbers = [.. spec.Numbers.Select((n, i) => (Encoding.UTF8.GetBytes(n.Label), 2 * i, n))];
        _embeddings = new (byte[], int, int)[spec.Embeddings.Count];
        var offset = 2 * spec.Numbers.Count;
        for (var i = 0; i < _embeddings.Length; i++)
        {
            var embedding = spec.Embeddings[i];
            _embeddings[i] = (Encoding.UTF8.GetBytes(embedding.Label), offset, embedding.Dimensions);
            offset += embedding.Dimensions;
        }
    }

    /// <summary>Fills <paramref name="numbers"/> (unclamped) and adds words to the bag; returns the bag's new size.</summary>
    /// <exception cref="JsonException">The labels are not JSON.</exception>
    public int Read(string json, Span<long> textIds, Span<float> textCounts, int words, Span<float> numbers)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(json.Length));
        try
        {
            var reader = new Utf8JsonReader(utf8.AsSpan(0, Encoding.UTF8.GetBytes(json, utf8)));
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    ReadFeature(ref reader, numbers);
                }

                if (reader.TokenType == JsonTokenType.String && _spec.TextBuckets > 0)
                {
                    words = Collect(ref reader, textIds, textCounts, words);
                }
            }

            return words;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    // Leaves the reader on the property's name when the spec does not read it, otherwise on the last token of its value.
    private void ReadFeature(ref Utf8JsonReader reader, Span<float> numbers)
    {
        foreach (var (name, offset, feature) in _numbers)
        {
            if (reader.ValueTextEquals(name))
            {
                reader.Read();
                double? value = reader.TokenType switch
                {
                    JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number) => number,
                    JsonTokenType.True => 1,
                    JsonTokenType.False => 0,
                    _ => null,
                };
                numbers[offset] = value is null ? 0 : (float)((value.Value - feature.Mean) / feature.Scale);
                numbers[offset + 1] = value is null ? 0 : 1;
                return;
            }
        }

        foreach (var (name, offset, dimensions) in _embeddings)
        {
            if (reader.ValueTextEquals(name))
            {
                reader.Read();
                ReadEmbedding(ref reader, numbers.Slice(offset, dimensions));
                return;
            }
        }
    }

    private static void ReadEmbedding(ref Utf8JsonReader reader, Span<float> destination)
    {
        destination.Clear();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        var depth = reader.CurrentDepth;
        var count = 0;
        var numeric = true;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            numeric &= reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value)
                && (count >= destination.Length || SetFinite(ref destination[count], value));
            count++;
        }

        var norm = numeric && count == destination.Length ? TensorPrimitives.Norm<float>(destination) : 0;
        if (norm > 0 && float.IsFinite(norm))
        {
            TensorPrimitives.Divide(destination, norm, destination);
        }
        else
        {
            destination.Clear();
        }
    }

    private static bool SetFinite(ref float place, float value)
    {
        place = value;
        return float.IsFinite(value);
    }

    private int Collect(ref Utf8JsonReader reader, Span<long> textIds, Span<float> textCounts, int words)
    {
        var length = reader.ValueSpan.Length;
        var text = ArrayPool<char>.Shared.Rent(length);
        try
        {
            return TextWords.Collect(text.AsSpan(0, reader.CopyString(text)), _spec.TextBuckets, textIds, textCounts, words);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a string holds an unpaired surrogate", e);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }
}
