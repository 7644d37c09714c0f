using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Towers;

/// <summary>The item tower: items to item vectors. Loads OnnxRuntime at the first inference. Thread-safe.</summary>
public sealed class ItemTower : IDisposable
{
    /// <summary>The tower's file in a release.</summary>
    public const string FileName = "item-tower.onnx";

    private const int BatchSize = 256;

    private readonly FeatureSpec _spec;
    private readonly ItemFeatureEncoder _encoder;
    private readonly TowerSession _session;
    private readonly SharedTower _shared = new();
    private readonly ConcurrentBag<Batch> _batches = [];

    /// <summary>A tower from its ONNX bytes, which are read at the first inference.</summary>
    /// <exception cref="InvalidDataException">The spec is out of range.</exception>
    public ItemTower(FeatureSpec spec, ReadOnlyMemory<byte> onnx)
    {
        _encoder = new ItemFeatureEncoder(spec);
        _spec = spec;
        _session = new TowerSession(
            FileName,
            onnx,
            ["item_ids", "category_ids", "category_weights", "text_ids", "text_weights", "numbers"],
            "item_vectors",
            spec.Dimensions);
    }

    /// <summary>Infers the vectors of <paramref name="rows"/>, unit length, into <paramref name="vectors"/> [rows × D].</summary>
    /// <exception cref="InvalidDataException">The model does not load or fit, or an item's labels are not JSON.</exception>
    public void Infer(IReadOnlyList<CatalogueRow> rows, Span<float> vectors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length, rows.Count * _spec.Dimensions);
        var batch = _batches.TryTake(out var pooled) ? pooled : new Batch(BatchSize * _spec.Dimensions);
        for (var start = 0; start < rows.Count; start += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(BatchSize, rows.Count - start);
            _encoder.Encode(rows, start, count, batch.Inputs);
            var output = batch.Output.AsMemory(0, count * _spec.Dimensions);
            _session.Run(count, name => Feed(batch.Inputs, name), output);
            output.Span.CopyTo(vectors[(start * _spec.Dimensions)..]);
        }

        _batches.Add(batch);
    }

    /// <summary>The tower's ONNX bytes.</summary>
    public ReadOnlyMemory<byte> Onnx => _session.Model;

    /// <summary>Frees the tower, unless another release still uses it.</summary>
    public void Dispose()
    {
        if (_shared.Leave())
        {
            _session.Dispose();
        }
    }

    /// <summary>Whether another release may use this tower too, and then disposes it as well; false when it was freed.</summary>
    internal bool TryShare() => _shared.TryJoin();

    private static OrtValue Feed(ItemInputs inputs, string name) => name switch
    {
        "item_ids" => TowerSession.Tensor(inputs.ItemIds, inputs.Count),
        "category_ids" => TowerSession.Tensor(inputs.CategoryIds, inputs.Count, inputs.CategoryWidth),
        "category_weights" => TowerSession.Tensor(inputs.CategoryWeights, inputs.Count, inputs.CategoryWidth),
        "text_ids" => TowerSession.Tensor(inputs.TextIds, inputs.Count, inputs.TextWidth),
        "text_weights" => TowerSession.Tensor(inputs.TextWeights, inputs.Count, inputs.TextWidth),
        "numbers" => TowerSession.Tensor(inputs.Numbers, inputs.Count, inputs.NumberWidth),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such input."),
    };

    private sealed class Batch(int outputLength)
    {
        public ItemInputs Inputs { get; } = new();

        public float[] Output { get; } = new float[outputLength];
    }
}
