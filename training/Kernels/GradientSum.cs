using System.Numerics.Tensors;

namespace ServerlessRec.Training.Kernels;

/// <summary>What one thread adds up of the gradient of a matrix [rows, columns]: rows padded, as products write them.</summary>
internal sealed unsafe class GradientSum(int rows, int columns)
{
    private readonly FloatBuffer _sums = new();

    /// <summary>Length of a row's storage.</summary>
    public int Width { get; } = MatrixProduct.Padded(columns);

    /// <summary>[rows, Width].</summary>
    public float* Sums => _sums.Start;

    private int Length => rows * Width;

    public void Clear() => _sums.Zeros(Length);

    /// <summary>Adds the rows of a matrix [count, Width] to the only row of this one.</summary>
    public void AddRows(float* matrix, int count)
    {
        var sums = new Span<float>(Sums, Width);
        for (var row = 0; row < count; row++)
        {
            TensorPrimitives.Add(sums, new ReadOnlySpan<float>(matrix + ((long)row * Width), Width), sums);
        }
    }

    /// <summary>Adds another thread's.</summary>
    public void Add(GradientSum other) =>
        TensorPrimitives.Add(new ReadOnlySpan<float>(Sums, Length), new ReadOnlySpan<float>(other.Sums, Length), new Span<float>(Sums, Length));

    /// <summary>The sums without padding, row-major.</summary>
    public float[] ToArray()
    {
        var exact = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(Sums + ((long)row * Width), columns).CopyTo(exact.AsSpan(row * columns));
        }

        return exact;
    }
}
