using ServerlessRec.Index.Building;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Overlay;

/// <summary>Codes are copied as they are, so that merging again and again does not wear them.</summary>
internal static unsafe class MergeVectors
{
    public static CodedVectors Copy(MergeParts parts, HnswOptions options)
    {
        var vectors = new CodedVectors(options, parts.Nodes.Length);
        parts.Image.Centre.CopyTo(vectors.Centre);
        var (stride, baseCount) = (vectors.CodeStride, (uint)parts.Image.Count);
        var baseCodes = parts.Image.Pointer(SectionKind.Codes);
        var baseScales = (float*)parts.Image.OptionalPointer(SectionKind.Scales);
        for (var ordinal = 0; ordinal < parts.Nodes.Length; ordinal++)
        {
            var node = parts.Nodes[ordinal];
            var isAdded = node >= baseCount;
            var from = !isAdded ? baseCodes + ((long)node * stride)
                : options.Codes == VectorCodes.Float32 ? (byte*)parts.Added.Vector(node - baseCount)
                : parts.Added.Code(node - baseCount);
            Buffer.MemoryCopy(from, vectors.Codes + ((long)ordinal * stride), stride, stride);
            if (options.Codes == VectorCodes.Float32)
                continue;
            vectors.Scales[ordinal] = isAdded ? parts.Added.Numbers(node - baseCount)->Scale : baseScales[node];
            vectors.Biases[ordinal] = isAdded ? parts.Added.Numbers(node - baseCount)->Bias : parts.Biases.Values[node];
        }
        return vectors;
    }
}
