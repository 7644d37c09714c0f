using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Kernels;

namespace ServerlessRec.Index.Overlay;

/// <summary>Int8 codes of the base in its block and of the overlay in its chunks.</summary>
internal readonly unsafe struct OverlayInt8Space(
    sbyte* codes, float* scales, float* biases, int stride, uint baseCount, OverlayNodeView nodes) : INodeSpace
{
    private readonly sbyte* _codes = codes;
    private readonly float* _scales = scales;
    private readonly float* _biases = biases;
    private readonly OverlayNodeView _nodes = nodes;
    private readonly int _stride = stride;
    private readonly uint _baseCount = baseCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint node)
    {
        Kernels.Prefetch.Lines((byte*)Code(node), _stride);
        if (node < _baseCount)
            Kernels.Prefetch.Line(_scales + node);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Score(in QueryCode query, uint* nodes, int count, float* scores)
    {
        for (var i = 0; i < count; i += 4)
        {
            uint a = nodes[i], b = i + 1 < count ? nodes[i + 1] : a, c = i + 2 < count ? nodes[i + 2] : a, d = i + 3 < count ? nodes[i + 3] : a;
            var dots = Int8Kernel.Dot4(query.Int16, Code(a), Code(b), Code(c), Code(d), _stride);
            var scaled = Vector128.ConvertToSingle(dots) * (Vector128.Create(Scale(a), Scale(b), Scale(c), Scale(d)) * query.Scale);
            if (_biases is not null)
                scaled += Vector128.Create(Bias(a), Bias(b), Bias(c), Bias(d)) + Vector128.Create(query.Offset);
            scaled.Store(scores + i);
        }
    }

    public void LoadNode(uint node, ref QueryCode query)
    {
        var code = Code(node);
        for (var i = 0; i < _stride; i++)
            query.Int16[i] = code[i];
        query.Scale = Scale(node);
        query.Offset = _biases is null ? 0 : Bias(node);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private sbyte* Code(uint node) => node < _baseCount ? _codes + ((long)node * _stride) : (sbyte*)_nodes.Code(node - _baseCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Scale(uint node) => node < _baseCount ? _scales[node] : _nodes.Numbers(node - _baseCount)->Scale;

    private float Bias(uint node) => node < _baseCount ? _biases[node] : _nodes.Numbers(node - _baseCount)->Bias;
}
