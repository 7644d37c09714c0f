using System.Numerics.Tensors;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Ranking;

/// <summary>
/// Logits of the candidates of one request and, on the way back, the gradients of every weight, written by hand. One thread; <see cref="Backward"/> belongs
/// to the last <see cref="Forward"/>.
/// </summary>
internal sealed unsafe class RankerPass(RankerNetwork network)
{
    private const int K = RankerNetwork.Width, F = RankerNetwork.Fields, H = RankerNetwork.HiddenUnits, X = F * K;

    private readonly CandidateEmbedding _embedding = new(network);
    private readonly PaddedMatrix _first = new(X, H);
    private readonly GradientSum _byFirst = new(X, H);
    private readonly FloatBuffer _x = new(), _hidden = new(), _byHidden = new(), _byX = new();
    private float[] _sums = [], _pairs = [], _logits = [];

    /// <summary>Reads the weights again; to be called after each step.</summary>
    public void ReadWeights() => _first.Read(network.First.Numbers);

    /// <summary>One logit a candidate; valid until the next call.</summary>
    public Span<float> Forward(RankerInputs inputs)
    {
        var rows = inputs.Count;
        var x = _x.Room((long)rows * X);
        var hidden = _hidden.Room((long)rows * H);
        (_sums, _pairs, _logits) = (Sized(_sums, rows * K), Sized(_pairs, rows), Sized(_logits, rows));
        for (var row = 0; row < rows; row++)
        {
            _logits[row] = _embedding.Forward(inputs, row, new Span<float>(x + ((long)row * X), X));
            _pairs[row] = Pairs(new ReadOnlySpan<float>(x + ((long)row * X), X), _sums.AsSpan(row * K, K));
        }

        MatrixProduct.Multiply(x, X, 1, _first.Numbers, H, hidden, H, rows, X, H);
        for (var row = 0; row < rows; row++)
        {
            var units = new Span<float>(hidden + ((long)row * H), H);
            TensorPrimitives.Add(units, network.FirstBias.Numbers, units);
            TensorPrimitives.Max(units, 0, units);
            _logits[row] += (network.PairsWeight.Numbers[0] * _pairs[row]) + TensorPrimitives.Dot(units, network.Second.Numbers);
        }

        return _logits.AsSpan(0, rows);
    }

    /// <summary>Adds the weights' gradients to them.</summary>
    /// <param name="inputs">Those of the last <see cref="Forward"/>.</param>
    /// <param name="gradient">The loss by the logits.</param>
    public void Backward(RankerInputs inputs, ReadOnlySpan<float> gradient)
    {
        var rows = inputs.Count;
        var byHidden = _byHidden.Room((long)rows * H);
        var byX = _byX.Room((long)rows * _first.TransposedWidth);
        Span<float> bySecond = stackalloc float[H], byBias = stackalloc float[H];
        bySecond.Clear();
        byBias.Clear();
        var byPairs = 0f;
        for (var row = 0; row < rows; row++)
        {
            var units = new ReadOnlySpan<float>(_hidden.Start + ((long)row * H), H);
            var by = new Span<float>(byHidden + ((long)row * H), H);
            for (var unit = 0; unit < H; unit++)
            {
                by[unit] = units[unit] > 0 ? gradient[row] * network.Second.Numbers[unit] : 0;
            }

            TensorPrimitives.MultiplyAdd(units, gradient[row], bySecond, bySecond);
            TensorPrimitives.Add(byBias, by, byBias);
            byPairs += gradient[row] * _pairs[row];
        }

        _byFirst.Clear();
        MatrixProduct.Multiply(_x.Start, 1, X, byHidden, H, _byFirst.Sums, _byFirst.Width, X, rows, H, adds: true);
        MatrixProduct.Multiply(byHidden, H, 1, _first.Transposed, _first.TransposedWidth, byX, _first.TransposedWidth, rows, H, _first.TransposedWidth);
        for (var row = 0; row < rows; row++)
        {
            var by = new Span<float>(byX + ((long)row * _first.TransposedWidth), X);
            PairsBack(by, row, gradient[row]);
            _embedding.Backward(inputs, row, gradient[row], by);
        }

        network.First.AddGradient(_byFirst.ToArray());
        network.FirstBias.AddGradient(byBias);
        network.Second.AddGradient(bySecond);
        network.PairsWeight.AddGradient([byPairs]);
    }

    // ½ Σ ((Σ x)² − Σ x²): the sum over all pairs of fields of their dot products (Rendle 2010).
    private static float Pairs(ReadOnlySpan<float> x, Span<float> sums)
    {
        sums.Clear();
        for (var field = 0; field < F; field++)
        {
            TensorPrimitives.Add(sums, x.Slice(field * K, K), sums);
        }

        return 0.5f * (TensorPrimitives.SumOfSquares<float>(sums) - TensorPrimitives.SumOfSquares(x));
    }

    // A pair's gradient by one of its embeddings is the other: the sum over all fields without itself.
    private void PairsBack(Span<float> byX, int row, float gradient)
    {
        var x = new ReadOnlySpan<float>(_x.Start + ((long)row * X), X);
        var weight = gradient * network.PairsWeight.Numbers[0];
        for (var field = 0; field < F; field++)
        {
            var by = byX.Slice(field * K, K);
            TensorPrimitives.MultiplyAdd(_sums.AsSpan(row * K, K), weight, by, by);
            TensorPrimitives.MultiplyAdd(x.Slice(field * K, K), -weight, by, by);
        }
    }

    private static float[] Sized(float[] numbers, int length) => numbers.Length < length ? new float[length] : numbers;
}
