using ServerlessRec.Index.Kernels;

namespace ServerlessRec.Index.Snapshots;

/// <summary>Bytes a node takes in each section; they follow from the header, so a file cannot state others.</summary>
internal readonly struct SnapshotStrides(int dimensions, Metric metric, VectorCodes codes, RerankVectors rerank)
{
    /// <summary>Elements of a coded vector with padding.</summary>
    public int CodeElements { get; } = codes == VectorCodes.Int8 ? Align(dimensions, Int8Kernel.Step) : Align(dimensions, FloatKernel.Step);

    public int CodeStride => codes == VectorCodes.Int8 ? CodeElements : CodeElements * sizeof(float);

    public int RerankStride { get; } = codes == VectorCodes.Float32 ? 0 : rerank switch
    {
        RerankVectors.Half => dimensions * 2,
        RerankVectors.Residual => dimensions,
        _ => dimensions * sizeof(float),
    };

    /// <summary>The length of each section that such a snapshot has, padded.</summary>
    public IEnumerable<(SectionKind Kind, long Length)> Lengths(int count, int linkStride, long upperLength)
    {
        var isInt8 = codes == VectorCodes.Int8;
        if (isInt8)
            yield return (SectionKind.Centre, Pad((long)dimensions * sizeof(float)));
        yield return (SectionKind.Ordinals, Pad((long)count * sizeof(uint)));
        if (isInt8)
            yield return (SectionKind.Scales, Pad((long)count * sizeof(float)));
        if (isInt8 && metric == Metric.SquaredL2)
            yield return (SectionKind.Biases, Pad((long)count * sizeof(float)));
        yield return (SectionKind.Codes, Pad((long)count * CodeStride));
        yield return (SectionKind.Links, Pad((long)count * linkStride) + SnapshotHeader.Alignment);
        yield return (SectionKind.Upper, Pad(upperLength));
        if (isInt8)
            yield return (SectionKind.Rerank, Pad((long)count * RerankStride));
    }

    private static long Pad(long length) => (length + SnapshotHeader.Alignment - 1) / SnapshotHeader.Alignment * SnapshotHeader.Alignment;

    private static int Align(int value, int step) => (value + step - 1) / step * step;
}
