using System.Diagnostics;
using ServerlessRec.Index.Memory;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Building;

/// <summary>Writes the finished graph as a snapshot image, under its new numbers.</summary>
internal sealed unsafe class ImageAssembly(
    HnswOptions options, BuildGraph graph, CodedVectors vectors, VectorReader read, bool stored = false)
{
    private readonly int[] _order = NodeOrder.DepthFirst(graph);

    public SnapshotImage Run(CancellationToken cancellationToken)
    {
        var numbers = new uint[_order.Length];
        for (var node = 0; node < _order.Length; node++)
            numbers[_order[node]] = (uint)node;
        var links = new LinkAssembly(graph, vectors, _order, numbers);
        var upper = new UpperAssembly(options, graph, _order, numbers);
        var header = new SnapshotHeader
        {
            Count = graph.Count,
            Dimensions = options.Dimensions,
            Metric = options.Metric,
            Codes = options.Codes,
            Rerank = options.Rerank,
            M = options.M,
            EfConstruction = options.EfConstruction,
            Seed = options.Seed,
            LinkStride = links.Stride,
            UpperLength = upper.Length,
            EntryNode = graph.Count == 0 ? 0 : numbers[graph.Entry],
        }.Arrange();
        var block = new NativeBlock(header.FileLength);
        try
        {
            foreach (var (kind, section) in header.Sections)
                WriteSection(kind, block.Pointer + section.Offset, links, upper, header, block.Pointer, cancellationToken);
            return SnapshotImage.Seal(block, header);
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    private void WriteSection(
        SectionKind kind, byte* at, LinkAssembly links, UpperAssembly upper, SnapshotHeader header, byte* image, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case SectionKind.Centre:
                vectors.Centre.CopyTo(new Span<float>(at, vectors.Centre.Length));
                break;
            case SectionKind.Ordinals:
                _order.CopyTo(new Span<int>(at, _order.Length));
                break;
            case SectionKind.Scales:
                Permute(vectors.Scales, (float*)at);
                break;
            case SectionKind.Biases:
                Permute(vectors.Biases, (float*)at);
                break;
            case SectionKind.Codes:
                PermuteCodes(at);
                break;
            case SectionKind.Links:
                links.Write((ushort*)at);
                break;
            case SectionKind.Upper:
                upper.Write((uint*)at);
                break;
            case SectionKind.Rerank:
                WriteRerank(at, header, image, cancellationToken);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Permute(float* from, float* to)
    {
        for (var node = 0; node < _order.Length; node++)
            to[node] = from[_order[node]];
    }

    private void PermuteCodes(byte* to)
    {
        var stride = new SnapshotStrides(options.Dimensions, options.Metric, options.Codes, options.Rerank).CodeStride;
        for (var node = 0; node < _order.Length; node++)
            Buffer.MemoryCopy(vectors.Codes + ((long)_order[node] * stride), to + ((long)node * stride), stride, stride);
    }

    private void WriteRerank(byte* at, SnapshotHeader header, byte* image, CancellationToken cancellationToken)
    {
        var encoder = new RerankEncoder(header, image, at);
        // Lambdas cannot hold pointers; the encoder does.
        BuildThreads.For(
            BuildThreads.Count(options),
            _order.Length,
            1024,
            () => new VectorSource(options, read, stored),
            (start, end, source) =>
            {
                for (var node = start; node < end; node++)
                    encoder.Encode(node, _order[node], source.Read(_order[node]));
            },
            cancellationToken);
    }
}
