using ServerlessRec.Index.Kernels;
using ServerlessRec.Index.Memory;
using ServerlessRec.Index.Search;

namespace ServerlessRec.Index.Building;

/// <summary>One thread's view of the reader: checked, normalised for cosine unless it reads what an index stored, padded with zeros.</summary>
internal sealed unsafe class VectorSource(HnswOptions options, VectorReader read, bool stored = false) : IDisposable
{
    private readonly NativeBlock _buffer = new((options.Dimensions + FloatKernel.Step) * sizeof(float));
    private readonly int _padded = (options.Dimensions + FloatKernel.Step - 1) / FloatKernel.Step * FloatKernel.Step;

    /// <summary>The vector, valid until the next call.</summary>
    public float* Read(int ordinal)
    {
        var vector = (float*)_buffer.Pointer;
        read(ordinal, new Span<float>(vector, options.Dimensions));
        if (!float.IsFinite(FloatKernel.Dot(vector, vector, _padded)))
            throw new ArgumentException($"Vector {ordinal} holds a value that is not finite, or too large.");
        if (options.Metric == Metric.Cosine && !stored)
            QueryPreparation.Normalize(vector, options.Dimensions);
        return vector;
    }

    public void Dispose() => _buffer.Dispose();
}
