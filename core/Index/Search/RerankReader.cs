using ServerlessRec.Index.Kernels;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Search;

/// <summary>The stored vectors of a snapshot as floats, and exact scores over them.</summary>
internal readonly unsafe struct RerankReader : IStoredVectors
{
    private readonly byte* _vectors;
    private readonly int _stride;
    private readonly int _dimensions;
    private readonly RerankVectors _kind;
    private readonly bool _isFloatCodes;
    private readonly bool _squaredL2;
    private readonly sbyte* _codes;
    private readonly int _codeStride;
    private readonly float* _scales;
    private readonly float* _centre;
    private readonly int* _ordinals;

    public RerankReader(SnapshotImage image)
    {
        var header = image.Header;
        _isFloatCodes = header.Codes == VectorCodes.Float32;
        _vectors = image.Pointer(_isFloatCodes ? SectionKind.Codes : SectionKind.Rerank);
        _stride = _isFloatCodes ? image.Strides.CodeStride : image.Strides.RerankStride;
        _dimensions = header.Dimensions;
        _ordinals = image.Ordinals;
        _kind = _isFloatCodes ? RerankVectors.Float32 : header.Rerank;
        _squaredL2 = header.Metric == Metric.SquaredL2;
        if (_isFloatCodes)
            return;
        _codes = (sbyte*)image.Pointer(SectionKind.Codes);
        _codeStride = image.Strides.CodeStride;
        _scales = (float*)image.Pointer(SectionKind.Scales);
        _centre = (float*)image.Pointer(SectionKind.Centre);
    }

    public void Prefetch(uint node) => Kernels.Prefetch.Lines(_vectors + ((long)node * _stride), _stride);

    public int Ordinal(uint node) => _ordinals[node];

    /// <summary>Decodes a node's vector; padding behind it is left as it is.</summary>
    public void Decode(uint node, float* destination)
    {
        var source = _vectors + ((long)node * _stride);
        switch (_kind)
        {
            case RerankVectors.Half:
                HalfKernel.ToFloat((ushort*)source, destination, _dimensions);
                break;
            case RerankVectors.Residual:
                ResidualKernel.ToFloat(_codes + ((long)node * _codeStride), (sbyte*)source, _scales[node], _centre, destination, _dimensions);
                break;
            default:
                new ReadOnlySpan<float>(source, _dimensions).CopyTo(new Span<float>(destination, _dimensions));
                break;
        }
    }

    /// <summary>The score as <see cref="Metric"/> defines it. Both buffers are padded with zeros to <see cref="FloatKernel.Step"/>.</summary>
    public float Score(float* query, uint node, float* buffer)
    {
        var padded = (_dimensions + FloatKernel.Step - 1) / FloatKernel.Step * FloatKernel.Step;
        var vector = buffer;
        if (_kind == RerankVectors.Float32 && (_isFloatCodes || padded == _dimensions))
            vector = (float*)(_vectors + ((long)node * _stride));
        else
            Decode(node, buffer);
        return _squaredL2 ? -FloatKernel.SquaredDistance(query, vector, padded) : FloatKernel.Dot(query, vector, padded);
    }
}
