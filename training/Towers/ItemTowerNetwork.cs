using System.Numerics.Tensors;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// The item tower: x = id embedding + weighted means of category and word embeddings + numbers · W + b; vector = normalise(x + MLP(x)).
/// </summary>
/// <remarks>One batch at a time: <see cref="Backward"/> belongs to the last <see cref="Forward"/>.</remarks>
internal sealed class ItemTowerNetwork
{
    private readonly ItemFeatures _features;
    private readonly ResidualRows _rows;
    private readonly int _threads;
    private float[] _unit = [], _lengths = [];

    public ItemTowerNetwork(FeatureSpec spec, TowerShape shape, ItemFeatures features, Random random, int threads)
    {
        (_features, _threads) = (features, threads);
        HasContent = IsContentIn(spec);
        Dimensions = spec.Dimensions - PopularityPrior.Width;
        var deviation = 1 / MathF.Sqrt(Dimensions);
        Ids = new EmbeddingTable("item.ids", features.Ids.Max() + 1, Dimensions, deviation, random);
        Categories = new EmbeddingTable("item.categories", spec.Categories.Count + 1, Dimensions, deviation, random);
        Words = new EmbeddingTable("item.words", spec.TextBuckets + 1, Dimensions, deviation, random);
        Numbers = Weight.Zeros("item.numbers", features.NumberWidth, Dimensions);
        Bias = Weight.Zeros("item.bias", Dimensions);
        Mlp = new ResidualMlp("item", Dimensions, shape.HiddenUnits, Dimensions, random);
        _rows = new ResidualRows(Mlp, null, threads);
    }

    /// <summary>Length of the vectors without the prior's numbers.</summary>
    public int Dimensions { get; }

    public EmbeddingTable Ids { get; }

    public EmbeddingTable Categories { get; }

    public EmbeddingTable Words { get; }

    /// <summary>[numbers, D].</summary>
    public Weight Numbers { get; }

    public Weight Bias { get; }

    public ResidualMlp Mlp { get; }

    /// <summary>
    /// False: nothing but ids describes an item. Then the vector is normalise(x): what a network over an embedding of its own could
    /// learn, the embedding can.
    /// </summary>
    public bool HasContent { get; }

    /// <summary>Whether anything but ids describes an item.</summary>
    public static bool IsContentIn(FeatureSpec spec) =>
        spec.Categories.Count > 0 || spec.TextBuckets > 0 || spec.Numbers.Count > 0 || spec.Embeddings.Count > 0;

    public IReadOnlyList<EmbeddingTable> Tables => [Ids, Categories, Words];

    public IReadOnlyList<Weight> Weights => [Numbers, Bias, .. Mlp.Weights];

    /// <summary>Vectors of items.</summary>
    /// <param name="items">Item numbers, U of them.</param>
    /// <param name="withoutId">Items whose id embedding is left out; empty: none.</param>
    /// <returns>[U, D], of unit length.</returns>
    public float[] Forward(int[] items, bool[] withoutId)
    {
        var sums = new float[items.Length * Dimensions];
        ForBlocks(items.Length, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                AddInputs(items[i], withoutId.Length == 0 || !withoutId[i], sums.AsSpan(i * Dimensions, Dimensions));
            }
        });

        if (HasContent)
        {
            return _rows.Forward(sums);
        }

        _lengths = new float[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            _lengths[i] = UnitLength.Bring(sums.AsSpan(i * Dimensions, Dimensions));
        }

        return _unit = sums;
    }

    /// <summary>Adds the gradients of tables and weights to them.</summary>
    /// <param name="items">As before.</param>
    /// <param name="withoutId">As before.</param>
    /// <param name="gradient">[U, D]: the loss by the vectors; without content it is changed.</param>
    public void Backward(int[] items, bool[] withoutId, float[] gradient)
    {
        var bySums = HasContent ? _rows.Backward(gradient) : BackToSums(gradient);
        var byBias = new float[Dimensions];
        for (var i = 0; i < items.Length; i++)
        {
            var row = bySums.AsSpan(i * Dimensions, Dimensions);
            if (withoutId.Length == 0 || !withoutId[i])
            {
                Ids.AddGradient(_features.Ids[items[i]], row, 1);
            }

            _features.Categories.AddGradient(Categories, items[i], row);
            _features.Words.AddGradient(Words, items[i], row);
            TensorPrimitives.Add(byBias, row, byBias);
        }

        Bias.AddGradient(byBias);
        AddNumberGradients(items, bySums);
    }

    private void AddInputs(int item, bool withId, Span<float> row)
    {
        Bias.Numbers.CopyTo(row);
        if (withId)
        {
            Ids.AddTo(row, _features.Ids[item], 1);
        }

        _features.Categories.AddTo(row, Categories, item);
        _features.Words.AddTo(row, Words, item);
        for (var number = 0; number < _features.NumberWidth; number++)
        {
            TensorPrimitives.MultiplyAdd(
                Numbers.Numbers.Slice(number * Dimensions, Dimensions), _features.Numbers[(item * _features.NumberWidth) + number], row, row);
        }
    }

    private void AddNumberGradients(int[] items, float[] bySums)
    {
        var width = _features.NumberWidth;
        var byNumbers = new float[width * Dimensions];
        ForBlocks(width, (start, end) =>
        {
            for (var i = 0; i < items.Length; i++)
            {
                var row = bySums.AsSpan(i * Dimensions, Dimensions);
                for (var number = start; number < end; number++)
                {
                    var byNumber = byNumbers.AsSpan(number * Dimensions, Dimensions);
                    TensorPrimitives.MultiplyAdd(row, _features.Numbers[(items[i] * width) + number], byNumber, byNumber);
                }
            }
        });
        Numbers.AddGradient(byNumbers);
    }

    private void ForBlocks(int count, Action<int, int> run) =>
        Parallel.For(0, _threads, block => run((int)((long)count * block / _threads), (int)((long)count * (block + 1) / _threads)));

    private float[] BackToSums(float[] gradient)
    {
        for (var i = 0; i < _lengths.Length; i++)
        {
            UnitLength.BackBy(gradient.AsSpan(i * Dimensions, Dimensions), _unit.AsSpan(i * Dimensions, Dimensions), _lengths[i]);
        }

        return gradient;
    }
}
