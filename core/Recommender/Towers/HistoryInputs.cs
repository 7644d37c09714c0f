namespace ServerlessRec.Recommender.Towers;

/// <summary>
/// The user tower's inputs for one batch, row-major, exactly as <see cref="FeatureSpec"/> documents. Reusable: encoding another batch
/// overwrites it and allocates only to grow. Not thread-safe.
/// </summary>
public sealed class HistoryInputs
{
    private float[] _vectors = [];
    private long[] _types = [];
    private float[] _weights = [];
    private float[] _ages = [];
    private int[] _lengths = [];

    /// <summary>B: users in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>L: entries a row has room for.</summary>
    public int Length { get; private set; }

    /// <summary>D.</summary>
    public int Dimensions { get; private set; }

    /// <summary>`history_vectors` [B, L, D].</summary>
    public Memory<float> Vectors => _vectors.AsMemory(0, Count * Length * Dimensions);

    /// <summary>`history_types` [B, L].</summary>
    public Memory<long> Types => _types.AsMemory(0, Count * Length);

    /// <summary>`history_weights` [B, L].</summary>
    public Memory<float> Weights => _weights.AsMemory(0, Count * Length);

    /// <summary>`history_ages` [B, L].</summary>
    public Memory<float> Ages => _ages.AsMemory(0, Count * Length);

    /// <summary>Entries of each row that are no padding [B]; 0: nothing is known of that user, so his vector means nothing.</summary>
    public Memory<int> Lengths => _lengths.AsMemory(0, Count);

    internal Span<float> VectorAt(int row, int entry) => _vectors.AsSpan(((row * Length) + entry) * Dimensions, Dimensions);

    internal Span<float> VectorsOf(int row) => _vectors.AsSpan(row * Length * Dimensions, Length * Dimensions);

    internal Span<long> TypesOf(int row) => _types.AsSpan(row * Length, Length);

    internal Span<float> WeightsOf(int row) => _weights.AsSpan(row * Length, Length);

    internal Span<float> AgesOf(int row) => _ages.AsSpan(row * Length, Length);

    /// <summary>Makes room for a batch. The rows hold anything: whoever fills a row fills it wholly.</summary>
    internal void Reset(int count, int length, int dimensions)
    {
        (Count, Length, Dimensions) = (count, length, dimensions);
        Grow(ref _vectors, count * length * dimensions);
        Grow(ref _types, count * length);
        Grow(ref _weights, count * length);
        Grow(ref _ages, count * length);
        Grow(ref _lengths, count);
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }
    }
}
