using System.Numerics.Tensors;

namespace ServerlessRec.Training.Towers;

/// <summary>A dense parameter of a network with its gradient and Adam moments.</summary>
internal sealed class Weight
{
    private readonly float[] _numbers;

    private Weight(string name, float[] values, long[] shape)
    {
        Name = name;
        Shape = shape;
        _numbers = values;
        FirstMoments = new float[values.Length];
        SecondMoments = new float[values.Length];
    }

    public string Name { get; }

    public long[] Shape { get; }

    public float[] FirstMoments { get; }

    public float[] SecondMoments { get; }

    /// <summary>What batches added since the last step; null: nothing ever.</summary>
    public float[]? Gradient { get; private set; }

    /// <summary>The numbers, row-major. Writing changes the parameter.</summary>
    public Span<float> Numbers => _numbers;

    /// <summary>The same numbers, for files.</summary>
    public Memory<float> Memory => _numbers;

    public static Weight Zeros(string name, params long[] shape) => new(name, new float[Count(shape)], shape);

    public static Weight Ones(string name, params long[] shape)
    {
        var values = new float[Count(shape)];
        Array.Fill(values, 1);
        return new(name, values, shape);
    }

    /// <summary>Uniform in ±√(6 / (rows + columns)) (Glorot and Bengio 2010, formula 16).</summary>
    public static Weight Glorot(string name, Random random, long rows, long columns)
    {
        var limit = MathF.Sqrt(6f / (rows + columns));
        var values = new float[rows * columns];
        foreach (ref var value in values.AsSpan())
        {
            value = ((2 * random.NextSingle()) - 1) * limit;
        }

        return new Weight(name, values, [rows, columns]);
    }

    /// <summary><paramref name="blocks"/> identity matrices below each other, each scaled by 1 / blocks: the mean of the blocks.</summary>
    public static Weight MeanOfBlocks(string name, int blocks, int columns)
    {
        var values = new float[blocks * columns * columns];
        for (var row = 0; row < blocks * columns; row++)
        {
            values[(row * columns) + (row % columns)] = 1f / blocks;
        }

        return new Weight(name, values, [(long)blocks * columns, columns]);
    }

    /// <summary>Adds to <see cref="Gradient"/>.</summary>
    public void AddGradient(ReadOnlySpan<float> gradient)
    {
        Gradient ??= new float[FirstMoments.Length];
        TensorPrimitives.Add(Gradient, gradient, Gradient);
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
