using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ServerlessRec.Index.Kernels;

namespace ServerlessRec.Index.Codes;

/// <summary>Int8 codes in one block, a scale for each, and where the metric or the build needs it a bias.</summary>
internal readonly unsafe struct Int8Space(sbyte* codes, int stride, float* scales, float* biases) : INodeSpace
{
    private readonly sbyte* _codes = codes;
    private readonly float* _scales = scales;
    private readonly float* _biases = biases;
    private readonly int _stride = stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint node)
    {
        Kernels.Prefetch.Lines((byte*)(_codes + ((long)node * _stride)), _stride);
        Kernels.Prefetch.Line(_scales + node);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Score(in QueryCode query, uint* nodes, int count, float* scores)
    {
        for (var i = 0; i < count; i += 4)
        {
            // The tail repeats its first node: cheaper than a second loop.
            uint a = nodes[i], b = i + 1 < count ? nodes[i + 1] : a, c = i + 2 < count ? nodes[i + 2] : a, d = i + 3 < count ? nodes[i + 3] : a;
            var dots = Int8Kernel.Dot4(query.Int16, Code(a), Code(b), Code(c), Code(d), _stride);
            var scaled = Vector128.ConvertToSingle(dots) * (Vector128.Create(_scales[a], _scales[b], _scales[c], _scales[d]) * query.Scale);
            if (_biases is not null)
                scaled += Vector128.Create(_biases[a], _biases[b], _biases[c], _biases[d]) + Vector128.Create(query.Offset);
            scaled.Store(scores + i);
        }
    }

    public void LoadNode(uint node, ref QueryCode query)
    {
        var code = Code(node);
        for (var i = 0; i < _stride; i++)
            query.Int16[i] = code[i];
        query.Scale = _scales[node];
        query.Offset = _biases is null ? 0 : _biases[node];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private sbyte* Code(uint node) => _codes + ((long)node * _stride);
}
