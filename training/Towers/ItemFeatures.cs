using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Training.Towers;

/// <summary>The features of every item of a data set, encoded once with the serving side's encoder.</summary>
internal sealed class ItemFeatures
{
    private ItemFeatures(int[] ids, SparseFeature categories, SparseFeature words, float[] numbers, int numberWidth) =>
        (Ids, Categories, Words, Numbers, NumberWidth) = (ids, categories, words, numbers, numberWidth);

    /// <summary>Row of each item in the id table; 0: none.</summary>
    public int[] Ids { get; }

    public SparseFeature Categories { get; }

    public SparseFeature Words { get; }

    /// <summary>Row-major, items × <see cref="NumberWidth"/>.</summary>
    public float[] Numbers { get; }

    public int NumberWidth { get; }

    public int Count => Ids.Length;

    /// <summary>Encodes catalogue rows; a row's place is the item's number.</summary>
    public static ItemFeatures Encode(FeatureSpec spec, IReadOnlyList<CatalogueRow> rows)
    {
        var inputs = new ItemFeatureEncoder(spec).Encode(rows);
        return new ItemFeatures(
            [.. rows.Select(row => row.IdIndex)],
            SparseFeature.FromPadded(inputs.CategoryIds.Span, inputs.CategoryWeights.Span, inputs.CategoryWidth),
            SparseFeature.FromPadded(inputs.TextIds.Span, inputs.TextWeights.Span, inputs.TextWidth),
            inputs.Numbers.ToArray(),
            inputs.NumberWidth);
    }
}
