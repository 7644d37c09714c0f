using ServerlessRec.Index.Kernels;
using ServerlessRec.Index.Search;

namespace ServerlessRec.Index.Overlay;

/// <summary>Rerank vectors of the base, and the overlay's whole vectors.</summary>
internal readonly unsafe struct OverlayVectors(RerankReader baseVectors, uint baseCount, OverlayNodeView nodes, bool squaredL2) : IStoredVectors
{
    public int Ordinal(uint node) => node < baseCount ? baseVectors.Ordinal(node) : nodes.Numbers(node - baseCount)->Ordinal;

    public void Prefetch(uint node)
    {
        if (node < baseCount)
            baseVectors.Prefetch(node);
        else
            Kernels.Prefetch.Lines((byte*)nodes.Vector(node - baseCount), nodes.VectorElements * sizeof(float));
    }

    public float Score(float* query, uint node, float* buffer)
    {
        if (node < baseCount)
            return baseVectors.Score(query, node, buffer);
        var vector = nodes.Vector(node - baseCount);
        return squaredL2
            ? -FloatKernel.SquaredDistance(query, vector, nodes.VectorElements)
            : FloatKernel.Dot(query, vector, nodes.VectorElements);
    }

    public void Decode(uint node, float* destination, int dimensions)
    {
        if (node < baseCount)
            baseVectors.Decode(node, destination);
        else
            new ReadOnlySpan<float>(nodes.Vector(node - baseCount), dimensions).CopyTo(new Span<float>(destination, dimensions));
    }
}
