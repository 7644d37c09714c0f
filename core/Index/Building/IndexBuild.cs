using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Building;

/// <summary>The build from outside in: code every vector, link every node, renumber, write the image.</summary>
internal static class IndexBuild
{
    public static SnapshotImage Run(HnswOptions options, int count, VectorReader read, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var vectors = new CodedVectors(options, count);
        vectors.Fill(read, cancellationToken);
        using var graph = new BuildGraph(options, count, node => NodeLevels.Level(options.Seed, node, options.M));
        if (options.Codes == VectorCodes.Float32)
            new GraphBuild<Float32Space>(graph, vectors.Float32Space, options, progress, cancellationToken).Run();
        else
            new GraphBuild<Int8Space>(graph, vectors.Int8Space, options, progress, cancellationToken).Run();
        return new ImageAssembly(options, graph, vectors, read).Run(cancellationToken);
    }
}
