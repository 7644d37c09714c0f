using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Memory;
using ServerlessRec.Index.Search;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Building;

/// <summary>Every vector's code, by ordinal, and what comparing them needs. Filled from the reader once.</summary>
internal sealed unsafe class CodedVectors : IDisposable
{
    private const int CentreSample = 8192;

    private readonly HnswOptions _options;
    private readonly int _count;
    private readonly SnapshotStrides _strides;
    private readonly NativeBlock _codes;
    private readonly NativeBlock _numbers;

    public CodedVectors(HnswOptions options, int count)
    {
        (_options, _count) = (options, count);
        _strides = new SnapshotStrides(options.Dimensions, options.Metric, options.Codes, options.Rerank);
        _codes = new NativeBlock((long)count * _strides.CodeStride);
        _numbers = new NativeBlock((long)count * 2 * sizeof(float));
        Centre = new float[options.Dimensions];
    }

    public float[] Centre { get; }

    public byte* Codes => _codes.Pointer;

    public float* Scales => (float*)_numbers.Pointer;

    /// <summary>Squared L2: −|x|²/2 of the code. Inner product: what the centre adds. Makes scores between nodes symmetric.</summary>
    public float* Biases => Scales + _count;

    public int CodeStride => _strides.CodeStride;

    public Int8Space Int8Space => new((sbyte*)Codes, _strides.CodeStride, Scales, Biases);

    public Float32Space Float32Space =>
        new((float*)Codes, _strides.CodeElements, _options.Metric == Metric.SquaredL2);

    public void Fill(VectorReader read, CancellationToken cancellationToken)
    {
        if (_options.Codes == VectorCodes.Int8)
            SampleCentre(read);
        BuildThreads.For(
            BuildThreads.Count(_options),
            _count,
            1024,
            () => new VectorSource(_options, read),
            (start, end, source) =>
            {
                for (var ordinal = start; ordinal < end; ordinal++)
                    Code(ordinal, source.Read(ordinal));
            },
            cancellationToken);
    }

    /// <summary>Scores of a node against others, as a build compares them.</summary>
    public void Score(uint node, uint* others, int count, float* scores)
    {
        using var context = new SearchContext(1, _options.Dimensions, count);
        if (_options.Codes == VectorCodes.Float32)
            Score(Float32Space, context, node, others, count);
        else
            Score(Int8Space, context, node, others, count);
        new ReadOnlySpan<float>(context.Scores, count).CopyTo(new Span<float>(scores, count));
    }

    public void Dispose()
    {
        _codes.Dispose();
        _numbers.Dispose();
    }

    private static void Score<TSpace>(TSpace space, SearchContext context, uint node, uint* others, int count)
        where TSpace : struct, INodeSpace
    {
        space.LoadNode(node, ref context.Query);
        space.Score(context.Query, others, count, context.Scores);
    }

    private void SampleCentre(VectorReader read)
    {
        using var source = new VectorSource(_options, read);
        var sample = Math.Min(_count, CentreSample);
        var sums = new double[Centre.Length];
        for (var i = 0; i < sample; i++)
        {
            var vector = source.Read((int)((long)i * _count / sample));
            for (var d = 0; d < sums.Length; d++)
                sums[d] += vector[d];
        }
        for (var d = 0; d < sums.Length; d++)
            Centre[d] = (float)(sums[d] / Math.Max(sample, 1));
    }

    private void Code(int ordinal, float* vector)
    {
        var dimensions = _options.Dimensions;
        var code = Codes + ((long)ordinal * _strides.CodeStride);
        if (_options.Codes == VectorCodes.Float32)
        {
            new ReadOnlySpan<float>(vector, dimensions).CopyTo(new Span<float>(code, dimensions));
            return;
        }
        for (var d = 0; d < dimensions; d++)
            vector[d] -= Centre[d];
        Scales[ordinal] = Int8Quantizer.Encode(vector, dimensions, (sbyte*)code);
        Biases[ordinal] = Int8Quantizer.Bias((sbyte*)code, Scales[ordinal], Centre, _options.Metric);
    }
}
