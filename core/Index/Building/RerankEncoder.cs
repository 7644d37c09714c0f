using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Building;

/// <summary>Writes rerank vectors beside the codes of an image.</summary>
internal readonly unsafe struct RerankEncoder
{
    private readonly RerankVectors _kind;
    private readonly int _dimensions;
    private readonly int _stride;
    private readonly byte* _destination;
    private readonly sbyte* _codes;
    private readonly int _codeStride;
    private readonly float* _scales;
    private readonly float* _centre;

    public RerankEncoder(SnapshotHeader header, byte* image, byte* destination)
    {
        var strides = new SnapshotStrides(header.Dimensions, header.Metric, header.Codes, header.Rerank);
        _kind = header.Rerank;
        _dimensions = header.Dimensions;
        _stride = strides.RerankStride;
        _destination = destination;
        _codes = (sbyte*)(image + header.Sections[SectionKind.Codes].Offset);
        _codeStride = strides.CodeStride;
        _scales = (float*)(image + header.Sections[SectionKind.Scales].Offset);
        _centre = (float*)(image + header.Sections[SectionKind.Centre].Offset);
    }

    /// <summary>Encodes one vector, which may be overwritten.</summary>
    public void Encode(int node, int ordinal, float* vector)
    {
        var at = _destination + ((long)node * _stride);
        switch (_kind)
        {
            case RerankVectors.Half:
                EncodeHalf(ordinal, vector, (Half*)at);
                break;
            case RerankVectors.Residual:
                for (var d = 0; d < _dimensions; d++)
                    vector[d] -= _centre[d];
                Int8Quantizer.EncodeResidual(vector, _dimensions, _codes + ((long)node * _codeStride), _scales[node], (sbyte*)at);
                break;
            default:
                new ReadOnlySpan<float>(vector, _dimensions).CopyTo(new Span<float>(at, _dimensions));
                break;
        }
    }

    private void EncodeHalf(int ordinal, float* vector, Half* at)
    {
        for (var d = 0; d < _dimensions; d++)
        {
            at[d] = (Half)vector[d];
            if (!Half.IsFinite(at[d]))
                throw new ArgumentException($"Vector {ordinal} holds {vector[d]}, which half precision cannot; build with RerankVectors.Float32.");
        }
    }
}
