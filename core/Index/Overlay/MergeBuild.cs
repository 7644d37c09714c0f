using ServerlessRec.Index.Building;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Overlay;

/// <summary>
/// A new snapshot from base and overlay. Codes and links are taken over; work goes only into what changed: lists that lead to removed
/// nodes are mended, and added nodes get their upper levels. When most of the base is gone a plain build is cheaper and better.
/// </summary>
internal sealed class MergeBuild(MergeParts parts, int threads, VectorReader read)
{
    private readonly HnswOptions _options = new()
    {
        Metric = parts.Image.Header.Metric,
        Dimensions = parts.Image.Header.Dimensions,
        M = parts.Image.Header.M,
        EfConstruction = parts.Image.Header.EfConstruction,
        Codes = parts.Image.Header.Codes,
        Rerank = parts.Image.Header.Rerank,
        Seed = parts.Image.Header.Seed,
        Threads = threads,
    };

    public SnapshotImage Run(CancellationToken cancellationToken)
    {
        var count = parts.Nodes.Length;
        var kept = parts.Nodes.Count(node => node < (uint)parts.Image.Count);
        if (kept <= count / 2)
            return IndexBuild.Run(_options, count, read, null, cancellationToken);
        using var vectors = MergeVectors.Copy(parts, _options);
        var levels = MergeLevels.Assign(parts, _options);
        using var graph = new BuildGraph(_options, count, ordinal => levels[ordinal], ordinal => !parts.IsAdded(ordinal));
        if (_options.Codes == VectorCodes.Float32)
            new MergeLinks<Codes.Float32Space>(parts, graph, vectors.Float32Space, _options, cancellationToken).Run();
        else
            new MergeLinks<Codes.Int8Space>(parts, graph, vectors.Int8Space, _options, cancellationToken).Run();
        return new ImageAssembly(_options, graph, vectors, read, stored: true).Run(cancellationToken);
    }
}
