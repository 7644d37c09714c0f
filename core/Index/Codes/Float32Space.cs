using System.Runtime.CompilerServices;
using ServerlessRec.Index.Kernels;

namespace ServerlessRec.Index.Codes;

/// <summary>The vectors themselves in one block, padded to <see cref="FloatKernel.Step"/>.</summary>
internal readonly unsafe struct Float32Space(float* vectors, int stride, bool squaredL2) : INodeSpace
{
    private readonly float* _vectors = vectors;
    private readonly int _stride = stride;
    private readonly bool _squaredL2 = squaredL2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint node) => Kernels.Prefetch.Lines((byte*)(_vectors + ((long)node * _stride)), _stride * sizeof(float));

    public void Score(in QueryCode query, uint* nodes, int count, float* scores)
    {
        for (var i = 0; i < count; i++)
        {
            var vector = _vectors + ((long)nodes[i] * _stride);
            scores[i] = _squaredL2 ? -FloatKernel.SquaredDistance(query.Float, vector, _stride) : FloatKernel.Dot(query.Float, vector, _stride);
        }
    }

    public void LoadNode(uint node, ref QueryCode query)
    {
        new ReadOnlySpan<float>(_vectors + ((long)node * _stride), _stride).CopyTo(new Span<float>(query.Float, _stride));
    }
}
