using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Memory;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Overlay;

/// <summary>
/// What makes scores between int8-coded nodes of the base symmetric (<see cref="Int8Quantizer.Bias"/>). Queries under the inner product do
/// not need it, so snapshots leave it out; an overlay computes it before its first change.
/// </summary>
internal sealed unsafe class SymmetricBiases : IDisposable
{
    private readonly NativeBlock? _block;

    public SymmetricBiases(SnapshotImage image)
    {
        Values = (float*)image.OptionalPointer(SectionKind.Biases);
        if (Values is not null || image.Header.Codes == VectorCodes.Float32)
            return;
        _block = new NativeBlock((long)image.Count * sizeof(float));
        Values = (float*)_block.Pointer;
        var codes = (sbyte*)image.Pointer(SectionKind.Codes);
        var scales = (float*)image.Pointer(SectionKind.Scales);
        for (var node = 0; node < image.Count; node++)
            Values[node] = Int8Quantizer.Bias(codes + ((long)node * image.Strides.CodeStride), scales[node], image.Centre, image.Header.Metric);
    }

    /// <summary>Null where scores are symmetric already.</summary>
    public float* Values { get; }

    public void Dispose() => _block?.Dispose();
}
