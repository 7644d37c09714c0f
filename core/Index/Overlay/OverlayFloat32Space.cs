using System.Runtime.CompilerServices;
using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Kernels;

namespace ServerlessRec.Index.Overlay;

/// <summary>Vectors of the base in its block and of the overlay in its chunks.</summary>
internal readonly unsafe struct OverlayFloat32Space(
    float* vectors, int stride, bool squaredL2, uint baseCount, OverlayNodeView nodes) : INodeSpace
{
    private readonly float* _vectors = vectors;
    private readonly OverlayNodeView _nodes = nodes;
    private readonly int _stride = stride;
    private readonly uint _baseCount = baseCount;
    private readonly bool _squaredL2 = squaredL2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint node) => Kernels.Prefetch.Lines((byte*)Vector(node), _stride * sizeof(float));

    public void Score(in QueryCode query, uint* nodes, int count, float* scores)
    {
        for (var i = 0; i < count; i++)
        {
            var vector = Vector(nodes[i]);
            scores[i] = _squaredL2 ? -FloatKernel.SquaredDistance(query.Float, vector, _stride) : FloatKernel.Dot(query.Float, vector, _stride);
        }
    }

    public void LoadNode(uint node, ref QueryCode query)
    {
        new ReadOnlySpan<float>(Vector(node), _stride).CopyTo(new Span<float>(query.Float, _stride));
    }

    private float* Vector(uint node) => node < _baseCount ? _vectors + ((long)node * _stride) : _nodes.Vector(node - _baseCount);
}
