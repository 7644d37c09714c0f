using System.Numerics.Tensors;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>What one thread needs to run histories through the sequence tower and back: the weights' copies, room to work, and gradient sums.</summary>
internal sealed unsafe class SequencePass
{
    private readonly FloatBuffer _biases;
    private readonly FloatBuffer _biasGradients = new(), _lastGradients = new(), _types = new();
    private readonly int _longest;

    /// <param name="network">Whose.</param>
    /// <param name="matrices">The blocks' weights, shared by all threads.</param>
    /// <param name="biases">[blocks, heads, longest] biases of distances longest − 1 … 0, shared.</param>
    /// <param name="last">[2, width] gain and bias of the last normalisation, shared.</param>
    /// <param name="longest">Entries of the longest history.</param>
    public SequencePass(SequenceTowerNetwork network, SequenceMatrices[] matrices, FloatBuffer biases, FloatBuffer last, int longest)
    {
        (Matrices, _biases, Last, _longest) = (matrices, biases, last, longest);
        Gradients = [.. network.Blocks.Select(block => new SequenceMatrices(block))];
        Norm = new LayerNorm(network.Dimensions, (float)SequenceTowerNetwork.NormEpsilon);
        Attention = new SequenceAttention(longest);
        Scale = (float)(1 / Math.Sqrt((double)network.Dimensions / matrices[0].Heads));
        DropShare = network.DropShare;
        _biasGradients.Zeros((long)matrices.Length * matrices[0].Heads * longest);
        _lastGradients.Zeros(2L * matrices[0].Width);
        _types.Zeros(network.Types.Shape[0] * matrices[0].Width);
    }

    public SequenceMatrices[] Matrices { get; }

    /// <summary>Sums, in the matrices' form.</summary>
    public SequenceMatrices[] Gradients { get; }

    public LayerNorm Norm { get; }

    public FloatBuffer Last { get; }

    public SequenceAttention Attention { get; }

    /// <summary>Of attention logits.</summary>
    public float Scale { get; }

    public double DropShare { get; }

    /// <summary>[L, D] room.</summary>
    public FloatBuffer Added { get; } = new();

    /// <summary>[L, widest] room.</summary>
    public FloatBuffer Wide { get; } = new();

    /// <summary>[L, heads] room.</summary>
    public FloatBuffer Seen { get; } = new();

    /// <summary>[L, D] room for the loss by a history's entries.</summary>
    public FloatBuffer ByEntries { get; } = new();

    /// <summary>[U, D] gradient of the item vectors, not padded.</summary>
    public float[] Vectors { get; private set; } = [];

    /// <summary>A row for histories whose way back is not asked for.</summary>
    public SequenceRow Row { get; } = new();

    /// <summary>[types + 1, D].</summary>
    public float* TypeGradients => _types.Start;

    /// <summary>[2, D] of the last normalisation's gain and bias.</summary>
    public float* LastGradients => _lastGradients.Start;

    public float* BiasOf(int block, int head) => _biases.Start + (((block * Matrices[block].Heads) + head) * (long)_longest);

    public float* BiasGradientOf(int block, int head) => _biasGradients.Start + (((block * Matrices[block].Heads) + head) * (long)_longest);

    /// <summary>Sums at zero, for a batch.</summary>
    /// <param name="vectors">Numbers of all item vectors.</param>
    public void Begin(int vectors)
    {
        Vectors = new float[vectors];
        foreach (var sums in Gradients)
        {
            sums.All.Clear();
        }

        foreach (var (sums, length) in Rest())
        {
            new Span<float>((float*)sums, length).Clear();
        }
    }

    /// <summary>Adds another thread's sums.</summary>
    public void Add(SequencePass other)
    {
        TensorPrimitives.Add<float>(Vectors, other.Vectors, Vectors);
        foreach (var (sums, others) in Gradients.Zip(other.Gradients))
        {
            TensorPrimitives.Add(sums.All, others.All, sums.All);
        }

        foreach (var ((sums, length), (others, _)) in Rest().Zip(other.Rest()))
        {
            var total = new Span<float>((float*)sums, length);
            TensorPrimitives.Add(total, new ReadOnlySpan<float>((float*)others, length), total);
        }
    }

    private (nint Start, int Length)[] Rest() =>
    [
        ((nint)_biasGradients.Start, Matrices.Length * Matrices[0].Heads * _longest),
        ((nint)_lastGradients.Start, 2 * Matrices[0].Width),
        ((nint)_types.Start, TypeRows * Matrices[0].Width),
    ];

    /// <summary>Types + 1.</summary>
    public int TypeRows { get; init; }
}
