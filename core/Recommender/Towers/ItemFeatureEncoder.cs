using System.Numerics.Tensors;
using System.Text.Json;
using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Towers;

/// <summary>
/// Turns catalogue rows into the item tower's inputs. Training and serving use this one encoder, so that both see the same numbers.
/// </summary>
/// <remarks>
/// Categories: the first <see cref="FeatureSpec.MaxCategories"/> known ones, weight 1 / how many.
/// Text: words (<see cref="TextWords"/>) of the comment, then of every string in the labels in document order, as far as
/// <see cref="FeatureSpec.MaxWords"/> distinct ones go; a word's weight is its share of the counted words.
/// Numbers: (value − mean) / scale limited to ±10, then 1; or 0, 0 when the label is missing, null or no number. `true` reads as 1, `false` as 0.
/// Embeddings: divided by their length; zeros when missing, of another length, or not finite.
/// Numbers and embeddings are read from the labels' top level only. Thread-safe.
/// </remarks>
public sealed class ItemFeatureEncoder
{
    private const float NumberLimit = 10;

    private readonly FeatureSpec _spec;
    private readonly Dictionary<string, int> _categoryIds;
    private readonly LabelFeatures _labels;

    /// <summary>An encoder for towers trained with <paramref name="spec"/>.</summary>
    /// <exception cref="InvalidDataException">The spec is out of range.</exception>
    public ItemFeatureEncoder(FeatureSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        FeatureSpecJson.Validate(spec);
        _spec = spec;
        _categoryIds = new Dictionary<string, int>(spec.Categories.Count, StringComparer.Ordinal);
        foreach (var category in spec.Categories)
        {
            _categoryIds.Add(category, _categoryIds.Count + 1);
        }

        _labels = new LabelFeatures(spec);
    }

    /// <summary>Encodes <paramref name="rows"/> into new arrays.</summary>
    /// <exception cref="InvalidDataException">The labels of an item are not JSON; the message names the item.</exception>
    public ItemInputs Encode(IReadOnlyList<CatalogueRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var inputs = new ItemInputs();
        Encode(rows, 0, rows.Count, inputs);
        return inputs;
    }

    /// <summary>Encodes <paramref name="count"/> rows from <paramref name="start"/> over what <paramref name="inputs"/> held.</summary>
    /// <exception cref="InvalidDataException">The labels of an item are not JSON; the message names the item.</exception>
    public void Encode(IReadOnlyList<CatalogueRow> rows, int start, int count, ItemInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, rows.Count - start);
        var textWidth = _spec.TextBuckets > 0 ? _spec.MaxWords : 1;
        inputs.Reset(count, _spec.MaxCategories, textWidth, _spec.NumberWidth);
        for (var i = 0; i < count; i++)
        {
            var row = rows[start + i];
            inputs.ItemIds.Span[i] = row.IdIndex;
            EncodeCategories(row.Item, Row(inputs.CategoryIds, i, _spec.MaxCategories), Row(inputs.CategoryWeights, i, _spec.MaxCategories));
            var textIds = Row(inputs.TextIds, i, textWidth);
            var textWeights = Row(inputs.TextWeights, i, textWidth);
            var numbers = Row(inputs.Numbers, i, _spec.NumberWidth);
            var words = _spec.TextBuckets > 0 ? TextWords.Collect(row.Item.Comment, _spec.TextBuckets, textIds, textWeights, 0) : 0;
            words = EncodeLabels(row.Item, textIds, textWeights, words, numbers);
            if (words > 0)
            {
                TensorPrimitives.Divide(textWeights[..words], TensorPrimitives.Sum(textWeights[..words]), textWeights[..words]);
            }
        }
    }

    private void EncodeCategories(Item item, Span<long> ids, Span<float> weights)
    {
        var known = 0;
        for (var i = 0; i < item.Categories.Count && known < ids.Length; i++)
        {
            if (_categoryIds.TryGetValue(item.Categories[i], out var id) && !ids[..known].Contains(id))
            {
                ids[known++] = id;
            }
        }

        if (known > 0)
        {
            weights[..known].Fill(1f / known);
        }
    }

    private int EncodeLabels(Item item, Span<long> textIds, Span<float> textWeights, int words, Span<float> numbers)
    {
        if (item.LabelsJson is null)
        {
            return words;
        }

        try
        {
            words = _labels.Read(item.LabelsJson, textIds, textWeights, words, numbers);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The labels of item '{item.ItemId}' are not JSON: {e.Message}", e);
        }

        for (var n = 0; n < _spec.Numbers.Count; n++)
        {
            if (numbers[(2 * n) + 1] != 0)
            {
                numbers[2 * n] = Math.Clamp(numbers[2 * n], -NumberLimit, NumberLimit);
            }
        }

        return words;
    }

    private static Span<T> Row<T>(Memory<T> matrix, int row, int width) => matrix.Span.Slice(row * width, width);
}
