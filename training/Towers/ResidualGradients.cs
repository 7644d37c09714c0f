using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>Gradients that one thread of <see cref="ResidualRows"/> adds up, and its room to work.</summary>
internal sealed unsafe class ResidualGradients
{
    private readonly GradientSum _first, _firstBias, _second, _secondBias;
    private readonly GradientSum? _residual;
    private readonly int _inputs, _hidden;

    public ResidualGradients(ResidualMlp mlp, Weight? residual)
    {
        (_inputs, _hidden) = ((int)mlp.First.Shape[0], (int)mlp.First.Shape[1]);
        var outputs = (int)mlp.Second.Shape[1];
        _first = new GradientSum(_inputs, _hidden);
        _firstBias = new GradientSum(1, _hidden);
        _second = new GradientSum(_hidden, outputs);
        _secondBias = new GradientSum(1, outputs);
        _residual = residual is null ? null : new GradientSum(_inputs, outputs);
    }

    public FloatBuffer ByOutputs { get; } = new();

    public FloatBuffer ByHidden { get; } = new();

    public FloatBuffer ByInputs { get; } = new();

    private IEnumerable<GradientSum> All => _residual is null ? [_first, _firstBias, _second, _secondBias] : [_first, _firstBias, _second, _secondBias, _residual];

    public void Clear()
    {
        foreach (var sum in All)
        {
            sum.Clear();
        }
    }

    /// <summary>Adds what some rows give.</summary>
    /// <param name="x">[rows, inputs], exact.</param>
    /// <param name="hidden">[rows, hidden], padded.</param>
    /// <param name="byHidden">The loss by them before relu, padded.</param>
    /// <param name="byOutputs">The loss by the sums before they were brought to unit length, padded.</param>
    /// <param name="rows">How many.</param>
    public void Add(float* x, float* hidden, float* byHidden, float* byOutputs, int rows)
    {
        MatrixProduct.Multiply(x, 1, _inputs, byHidden, _first.Width, _first.Sums, _first.Width, _inputs, rows, _first.Width, adds: true);
        MatrixProduct.Multiply(hidden, 1, _first.Width, byOutputs, _second.Width, _second.Sums, _second.Width, _hidden, rows, _second.Width, adds: true);
        _firstBias.AddRows(byHidden, rows);
        _secondBias.AddRows(byOutputs, rows);
        if (_residual is not null)
        {
            MatrixProduct.Multiply(x, 1, _inputs, byOutputs, _residual.Width, _residual.Sums, _residual.Width, _inputs, rows, _residual.Width, adds: true);
        }
    }

    /// <summary>Adds another thread's.</summary>
    public void Add(ResidualGradients other)
    {
        foreach (var (sum, part) in All.Zip(other.All))
        {
            sum.Add(part);
        }
    }

    /// <summary>Hands the gradients to the weights.</summary>
    public void AddTo(ResidualMlp mlp, Weight? residual)
    {
        mlp.First.AddGradient(_first.ToArray());
        mlp.FirstBias.AddGradient(_firstBias.ToArray());
        mlp.Second.AddGradient(_second.ToArray());
        mlp.SecondBias.AddGradient(_secondBias.ToArray());
        residual?.AddGradient(_residual!.ToArray());
    }
}
