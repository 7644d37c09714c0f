using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Towers;

/// <summary>The user tower: histories to user vectors. Loads OnnxRuntime at the first inference. Thread-safe.</summary>
public sealed class UserTower : IDisposable
{
    /// <summary>The tower's file in a release.</summary>
    public const string FileName = "user-tower.onnx";

    private readonly FeatureSpec _spec;
    private readonly HistoryEncoder _encoder;
    private readonly TowerSession _session;
    private readonly SharedTower _shared = new();
    private readonly ConcurrentBag<Workspace> _workspaces = [];

    /// <summary>A tower from its ONNX bytes, which are read at the first inference.</summary>
    /// <exception cref="InvalidDataException">The spec is out of range.</exception>
    public UserTower(FeatureSpec spec, ReadOnlyMemory<byte> onnx)
    {
        _encoder = new HistoryEncoder(spec);
        _spec = spec;
        _session = new TowerSession(
            FileName,
            onnx,
            ["history_vectors", "history_types", "history_weights", "history_ages"],
            "user_vectors",
            spec.Dimensions);
    }

    /// <summary>Infers one vector a history, unit length, in batches of like length.</summary>
    /// <param name="histories">Each oldest first.</param>
    /// <param name="read">Where item vectors come from.</param>
    /// <param name="vectors">[histories × D]; zeros where nothing of a history is known.</param>
    /// <param name="known">[histories]: whether anything of a history was known, so that its vector means something.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="InvalidDataException">The model does not load or fit.</exception>
    public void Infer(
        IReadOnlyList<IReadOnlyList<HistoryEntry>> histories,
        ItemVectorReader read,
        Span<float> vectors,
        Span<bool> known,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length, histories.Count * _spec.Dimensions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(known.Length, histories.Count);
        var workspace = _workspaces.TryTake(out var pooled) ? pooled : new Workspace();
        var batches = workspace.Cut(histories, _encoder);
        while (batches.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = batches.Current;
            _encoder.Encode(histories, rows, read, workspace.Inputs);
            Run(workspace, rows, vectors, known);
        }

        _workspaces.Add(workspace);
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

    private void Run(Workspace workspace, ReadOnlySpan<int> rows, Span<float> vectors, Span<bool> known)
    {
        var dimensions = _spec.Dimensions;
        var lengths = workspace.Inputs.Lengths.Span;
        var output = workspace.Output(rows.Length * dimensions);
        if (lengths.ContainsAnyExcept(0))
        {
            _session.Run(rows.Length, name => Feed(workspace.Inputs, name), output);
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var vector = vectors.Slice(rows[i] * dimensions, dimensions);
            known[rows[i]] = lengths[i] > 0;
            if (lengths[i] > 0)
            {
                output.Span.Slice(i * dimensions, dimensions).CopyTo(vector);
            }
            else
            {
                vector.Clear();
            }
        }
    }

    private static OrtValue Feed(HistoryInputs inputs, string name) => name switch
    {
        "history_vectors" => TowerSession.Tensor(inputs.Vectors, inputs.Count, inputs.Length, inputs.Dimensions),
        "history_types" => TowerSession.Tensor(inputs.Types, inputs.Count, inputs.Length),
        "history_weights" => TowerSession.Tensor(inputs.Weights, inputs.Count, inputs.Length),
        "history_ages" => TowerSession.Tensor(inputs.Ages, inputs.Count, inputs.Length),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such input."),
    };

    /// <summary>What one inference needs, kept for the next.</summary>
    private sealed class Workspace
    {
        private float[] _output = [];
        private int[] _lengths = [];
        private int[] _places = [];

        public HistoryInputs Inputs { get; } = new();

        public Memory<float> Output(int length) => Sized(ref _output, length).AsMemory(0, length);

        public HistoryBatches Cut(IReadOnlyList<IReadOnlyList<HistoryEntry>> histories, HistoryEncoder encoder)
        {
            var lengths = Sized(ref _lengths, histories.Count).AsSpan(0, histories.Count);
            for (var i = 0; i < lengths.Length; i++)
            {
                lengths[i] = encoder.UsedLength(histories[i]);
            }

            return new HistoryBatches(lengths, Sized(ref _places, histories.Count).AsSpan(0, histories.Count));
        }

        private static T[] Sized<T>(ref T[] array, int length) => array = array.Length < length ? new T[length] : array;
    }
}
