using System.Numerics.Tensors;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// Embeddings by row, in managed memory, with gradients and Adam moments. Only rows of the current batch are touched by a step, so its cost
/// does not grow with the table. Row 0 is padding: always zero.
/// </summary>
internal sealed class EmbeddingTable
{
    private readonly List<int> _touched = [];
    private readonly bool[] _isTouched;

    /// <param name="name">Name in files.</param>
    /// <param name="rows">Rows with the padding row; at least 1.</param>
    /// <param name="dimensions">Length of a row.</param>
    /// <param name="deviation">Standard deviation of the normal distribution that rows start from.</param>
    /// <param name="random">Where they come from.</param>
    public EmbeddingTable(string name, int rows, int dimensions, float deviation, Random random)
    {
        Name = name;
        Rows = rows;
        Dimensions = dimensions;
        var length = checked(rows * dimensions);
        Values = new float[length];
        Gradients = new float[length];
        FirstMoments = new float[length];
        SecondMoments = new float[length];
        _isTouched = new bool[rows];
        for (var i = dimensions; i < length; i++)
        {
            Values[i] = deviation * NextNormal(random);
        }
    }

    public string Name { get; }

    public int Rows { get; }

    public int Dimensions { get; }

    public float[] Values { get; }

    public float[] Gradients { get; }

    public float[] FirstMoments { get; }

    public float[] SecondMoments { get; }

    /// <summary>Rows with gradients of the current batch.</summary>
    public IReadOnlyList<int> Touched => _touched;

    public Range Row(int row) => (row * Dimensions)..((row + 1) * Dimensions);

    /// <summary>Adds weight × row to <paramref name="destination"/>.</summary>
    public void AddTo(Span<float> destination, int row, float weight) =>
        TensorPrimitives.MultiplyAdd(Values.AsSpan(Row(row)), weight, destination, destination);

    /// <summary>Adds weight × gradient to the row's gradient.</summary>
    public void AddGradient(int row, ReadOnlySpan<float> gradient, float weight)
    {
        if (row == 0)
        {
            return;
        }

        if (!_isTouched[row])
        {
            _isTouched[row] = true;
            _touched.Add(row);
        }

        var sum = Gradients.AsSpan(Row(row));
        TensorPrimitives.MultiplyAdd(gradient, weight, sum, sum);
    }

    /// <summary>Forgets the batch's gradients.</summary>
    public void ClearGradients()
    {
        foreach (var row in _touched)
        {
            _isTouched[row] = false;
            Gradients.AsSpan(Row(row)).Clear();
        }

        _touched.Clear();
    }

    // Box and Muller 1958.
    private static float NextNormal(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
