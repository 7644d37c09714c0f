using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// The end of a tower, vector by vector: y = normalise(x · R + relu(x · W1 + b1) · W2 + b2), and its gradients, written by hand. A few rows at a time,
/// in the core's cache, on all threads: through TorchSharp a small batch mostly waits for threads to start and writes every step to memory.
/// </summary>
/// <remarks>One batch at a time: <see cref="Backward"/> belongs to the last <see cref="Forward"/>. The same number of threads gives the same bits.</remarks>
internal sealed unsafe class ResidualRows
{
    private const int RowsAtOnce = 48;

    private readonly ResidualMlp _mlp;
    private readonly Weight? _residual;
    private readonly PaddedMatrix _first, _second;
    private readonly PaddedMatrix? _kept;
    private readonly FloatBuffer _firstBias = new(), _secondBias = new(), _hidden = new(), _unit = new();
    private readonly ResidualGradients[] _gradients;
    private readonly int _inputs, _hiddenUnits, _outputs;
    private float[] _lengths = [];
    private float[] _x = [];

    /// <param name="mlp">W1, b1, W2, b2.</param>
    /// <param name="residual">R; null: x itself is kept.</param>
    /// <param name="threads">How many.</param>
    public ResidualRows(ResidualMlp mlp, Weight? residual, int threads)
    {
        (_mlp, _residual) = (mlp, residual);
        (_inputs, _hiddenUnits, _outputs) = ((int)mlp.First.Shape[0], (int)mlp.First.Shape[1], (int)mlp.Second.Shape[1]);
        _first = new PaddedMatrix(_inputs, _hiddenUnits);
        _second = new PaddedMatrix(_hiddenUnits, _outputs);
        _kept = residual is null ? null : new PaddedMatrix(_inputs, _outputs);
        _gradients = [.. Enumerable.Range(0, threads).Select(_ => new ResidualGradients(mlp, residual))];
    }

    /// <summary>Vectors of unit length.</summary>
    /// <param name="x">[rows, inputs]; must not change before <see cref="Backward"/>.</param>
    /// <returns>[rows, outputs].</returns>
    public float[] Forward(float[] x)
    {
        ReadWeights();
        var rows = x.Length / _inputs;
        _x = x;
        _lengths = new float[rows];
        _hidden.Room((long)rows * _first.Width);
        _unit.Room((long)rows * _second.Width);
        var vectors = new float[rows * _outputs];
        ForBlocks(rows, (_, start, count) =>
        {
            var hidden = _hidden.Start + ((long)start * _first.Width);
            var unit = _unit.Start + ((long)start * _second.Width);
            fixed (float* from = &x[start * _inputs])
            {
                MatrixProduct.Multiply(from, _inputs, 1, _first.Numbers, _first.Width, hidden, _first.Width, count, _inputs, _first.Width);
                AddBias(hidden, _firstBias.Start, _first.Width, count);
                var all = new Span<float>(hidden, count * _first.Width);
                TensorPrimitives.Max(all, 0, all);
                MatrixProduct.Multiply(hidden, _first.Width, 1, _second.Numbers, _second.Width, unit, _second.Width, count, _hiddenUnits, _second.Width);
                if (_kept is not null)
                {
                    MatrixProduct.Multiply(from, _inputs, 1, _kept.Numbers, _kept.Width, unit, _second.Width, count, _inputs, _second.Width, adds: true);
                }
            }

            AddBias(unit, _secondBias.Start, _second.Width, count);
            for (var row = start; row < start + count; row++)
            {
                var sum = new Span<float>(_unit.Start + ((long)row * _second.Width), _outputs);
                if (_kept is null)
                {
                    TensorPrimitives.Add(sum, x.AsSpan(row * _inputs, _inputs), sum);
                }

                _lengths[row] = UnitLength.Bring(sum);
                sum.CopyTo(vectors.AsSpan(row * _outputs));
            }
        });
        return vectors;
    }

    /// <summary>Adds the weights' gradients to them.</summary>
    /// <param name="gradient">[rows, outputs]: the loss by the vectors.</param>
    /// <returns>[rows, inputs]: the loss by x.</returns>
    public float[] Backward(float[] gradient)
    {
        var byX = new float[_x.Length];
        foreach (var sums in _gradients)
        {
            sums.Clear();
        }

        ForBlocks(_lengths.Length, (thread, start, count) =>
        {
            var sums = _gradients[thread];
            var byOutputs = sums.ByOutputs.Zeros((long)RowsAtOnce * _second.Width);
            var byHidden = sums.ByHidden.Room((long)RowsAtOnce * _first.Width);
            var byInputs = sums.ByInputs.Room((long)RowsAtOnce * _first.TransposedWidth);
            for (var row = 0; row < count; row++)
            {
                var by = new Span<float>(byOutputs + ((long)row * _second.Width), _outputs);
                gradient.AsSpan((start + row) * _outputs, _outputs).CopyTo(by);
                UnitLength.BackBy(by, new ReadOnlySpan<float>(_unit.Start + ((long)(start + row) * _second.Width), _outputs), _lengths[start + row]);
            }

            var hidden = _hidden.Start + ((long)start * _first.Width);
            MatrixProduct.Multiply(byOutputs, _second.Width, 1, _second.Transposed, _first.Width, byHidden, _first.Width, count, _outputs, _first.Width);
            Silence(byHidden, hidden, count * _first.Width);
            MatrixProduct.Multiply(byHidden, _first.Width, 1, _first.Transposed, _first.TransposedWidth, byInputs, _first.TransposedWidth, count, _hiddenUnits, _first.TransposedWidth);
            if (_kept is not null)
            {
                MatrixProduct.Multiply(byOutputs, _second.Width, 1, _kept.Transposed, _kept.TransposedWidth, byInputs, _first.TransposedWidth, count, _outputs, _first.TransposedWidth, adds: true);
            }

            for (var row = 0; row < count; row++)
            {
                var by = byX.AsSpan((start + row) * _inputs, _inputs);
                new ReadOnlySpan<float>(byInputs + ((long)row * _first.TransposedWidth), _inputs).CopyTo(by);
                if (_kept is null)
                {
                    TensorPrimitives.Add(by, new ReadOnlySpan<float>(byOutputs + ((long)row * _second.Width), _outputs), by);
                }
            }

            fixed (float* x = &_x[start * _inputs])
            {
                sums.Add(x, hidden, byHidden, byOutputs, count);
            }
        });
        var total = _gradients[0];
        foreach (var other in _gradients.AsSpan(1))
        {
            total.Add(other);
        }

        total.AddTo(_mlp, _residual);
        return byX;
    }

    private void ReadWeights()
    {
        _first.Read(_mlp.First.Numbers);
        _second.Read(_mlp.Second.Numbers);
        if (_residual is not null)
        {
            _kept!.Read(_residual.Numbers);
        }

        _mlp.FirstBias.Numbers.CopyTo(new Span<float>(_firstBias.Zeros(_first.Width), _hiddenUnits));
        _mlp.SecondBias.Numbers.CopyTo(new Span<float>(_secondBias.Zeros(_second.Width), _outputs));
    }

    private static void AddBias(float* matrix, float* bias, int width, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var numbers = new Span<float>(matrix + ((long)row * width), width);
            TensorPrimitives.Add(numbers, new ReadOnlySpan<float>(bias, width), numbers);
        }
    }

    // Nothing flows back through units that were off.
    private static void Silence(float* by, float* hidden, int count)
    {
        for (var at = 0; at < count; at += MatrixProduct.Width)
        {
            var isOn = Vector512.GreaterThan(Vector512.Load(hidden + at), Vector512<float>.Zero);
            (Vector512.Load(by + at) & isOn).Store(by + at);
        }
    }

    private void ForBlocks(int rows, Action<int, int, int> run) => Parallel.For(0, _gradients.Length, thread =>
    {
        var end = (int)((long)rows * (thread + 1) / _gradients.Length);
        for (var start = (int)((long)rows * thread / _gradients.Length); start < end; start += RowsAtOnce)
        {
            run(thread, start, Math.Min(RowsAtOnce, end - start));
        }
    });
}
