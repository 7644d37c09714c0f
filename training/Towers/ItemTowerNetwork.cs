using System.Runtime.InteropServices;
using ServerlessRec.Recommender.Towers;
using TorchSharp;
using static TorchSharp.torch;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// The item tower: x = id embedding + weighted means of category and word embeddings + numbers · W + b; vector = normalise(x + MLP(x)).
/// The sum is linear, so the tables stay outside TorchSharp: x is a leaf whose gradient is handed to the rows it was made of.
/// </summary>
internal sealed class ItemTowerNetwork : IDisposable
{
    private readonly ItemFeatures _features;

    public ItemTowerNetwork(FeatureSpec spec, TowerShape shape, ItemFeatures features, Random random)
    {
        _features = features;
        HasContent = IsContentIn(spec);
        Dimensions = spec.Dimensions - PopularityPrior.Width;
        var deviation = 1 / MathF.Sqrt(Dimensions);
        Ids = new EmbeddingTable("item.ids", features.Ids.Max() + 1, Dimensions, deviation, random);
        Categories = new EmbeddingTable("item.categories", spec.Categories.Count + 1, Dimensions, deviation, random);
        Words = new EmbeddingTable("item.words", spec.TextBuckets + 1, Dimensions, deviation, random);
        Numbers = Weight.Zeros("item.numbers", features.NumberWidth, Dimensions);
        Bias = Weight.Zeros("item.bias", Dimensions);
        Mlp = new ResidualMlp("item", Dimensions, shape.HiddenUnits, Dimensions, random);
    }

    /// <summary>Length of the vectors without the prior's numbers.</summary>
    public int Dimensions { get; }

    public EmbeddingTable Ids { get; }

    public EmbeddingTable Categories { get; }

    public EmbeddingTable Words { get; }

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

    /// <summary>Sums the embeddings of items.</summary>
    /// <param name="items">Item numbers, U of them.</param>
    /// <param name="withoutId">Items whose id embedding is left out; empty: none.</param>
    /// <returns>[U, D], a leaf.</returns>
    public Tensor Embed(ReadOnlySpan<int> items, ReadOnlySpan<bool> withoutId)
    {
        var embedded = torch.empty(items.Length, Dimensions);
        var values = MemoryMarshal.Cast<byte, float>(embedded.bytes);
        values.Clear();
        for (var i = 0; i < items.Length; i++)
        {
            var row = values.Slice(i * Dimensions, Dimensions);
            if (withoutId.IsEmpty || !withoutId[i])
            {
                Ids.AddTo(row, _features.Ids[items[i]], 1);
            }

            _features.Categories.AddTo(row, Categories, items[i]);
            _features.Words.AddTo(row, Words, items[i]);
        }

        return embedded;
    }

    /// <summary>Hands the gradient of <see cref="Embed"/>'s leaf to the tables.</summary>
    public void AddGradients(ReadOnlySpan<int> items, ReadOnlySpan<bool> withoutId, Tensor embedded)
    {
        using var gradient = embedded.grad!;
        var values = MemoryMarshal.Cast<byte, float>(gradient.bytes);
        for (var i = 0; i < items.Length; i++)
        {
            var row = values.Slice(i * Dimensions, Dimensions);
            if (withoutId.IsEmpty || !withoutId[i])
            {
                Ids.AddGradient(_features.Ids[items[i]], row, 1);
            }

            _features.Categories.AddGradient(Categories, items[i], row);
            _features.Words.AddGradient(Words, items[i], row);
        }
    }

    /// <summary>[U, D] sums → [U, D] item vectors of unit length.</summary>
    public Tensor Forward(ReadOnlySpan<int> items, Tensor embedded)
    {
        if (!HasContent)
        {
            return UnitLength.Of(embedded.Plus(Bias.Value));
        }

        var width = _features.NumberWidth;
        var numbers = torch.empty(items.Length, width);
        var values = MemoryMarshal.Cast<byte, float>(numbers.bytes);
        for (var i = 0; i < items.Length; i++)
        {
            _features.Numbers.AsSpan(items[i] * width, width).CopyTo(values[(i * width)..]);
        }

        var x = embedded.Plus(numbers.mm(Numbers.Value)).Plus(Bias.Value); // [U, D]
        return UnitLength.Of(x.Plus(Mlp.Forward(x)));
    }

    public void Dispose()
    {
        foreach (var weight in Weights)
        {
            weight.Dispose();
        }
    }
}
