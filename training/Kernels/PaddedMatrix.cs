namespace ServerlessRec.Training.Kernels;

/// <summary>
/// A copy of a matrix [rows, columns] as <see cref="MatrixProduct"/> reads it, its rows padded with zeros, and the same transposed for the way back.
/// </summary>
internal sealed unsafe class PaddedMatrix(int rows, int columns)
{
    private readonly FloatBuffer _numbers = new(), _transposed = new();

    public int Rows => rows;

    public int Columns => columns;

    /// <summary>Length of a row's storage.</summary>
    public int Width { get; } = MatrixProduct.Padded(columns);

    /// <summary>Length of a row's storage in <see cref="Transposed"/>.</summary>
    public int TransposedWidth { get; } = MatrixProduct.Padded(rows);

    /// <summary>[rows, Width].</summary>
    public float* Numbers => _numbers.Start;

    /// <summary>[columns, TransposedWidth].</summary>
    public float* Transposed => _transposed.Start;

    /// <summary>Takes a matrix, row-major and exact.</summary>
    public void Read(ReadOnlySpan<float> matrix)
    {
        var numbers = _numbers.Zeros((long)rows * Width);
        var transposed = _transposed.Zeros((long)columns * TransposedWidth);
        for (var row = 0; row < rows; row++)
        {
            matrix.Slice(row * columns, columns).CopyTo(new Span<float>(numbers + ((long)row * Width), columns));
        }

        MatrixProduct.Transpose(numbers, Width, transposed, TransposedWidth, rows, columns);
    }
}
