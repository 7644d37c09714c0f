using ServerlessRec.Index.Building;
using ServerlessRec.Index.Memory;
using ServerlessRec.Index.Search;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index;

/// <summary>
/// An immutable HNSW graph over vectors (Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using
/// Hierarchical Navigable Small World graphs", 2018) in native or mapped memory.
/// </summary>
/// <remarks>
/// Searches run on any number of threads at once and allocate nothing on the managed heap once each thread has run one. Dispose when no
/// search is running. Vectors are known by ordinals, 0 to Count − 1, in the order of the build.
/// </remarks>
public sealed class HnswIndex : IDisposable
{
    private readonly SnapshotImage _image;
    private readonly SearchContextPool _contexts;
    private readonly RerankReader _stored;

    internal HnswIndex(SnapshotImage image)
    {
        _image = image;
        _stored = new RerankReader(image);
        var (count, dimensions, links) = (image.Count, image.Header.Dimensions, Math.Max(image.Header.LinkStride / 2, 64));
        _contexts = new SearchContextPool(() => new SearchContext(count, dimensions, links));
    }

    /// <summary>How many vectors the index holds.</summary>
    public int Count => _image.Count;

    /// <summary>The length of every vector.</summary>
    public int Dimensions => _image.Header.Dimensions;

    /// <summary>How vectors are compared.</summary>
    public Metric Metric => _image.Header.Metric;

    /// <summary>Bytes of the snapshot file.</summary>
    public long SnapshotBytes => _image.Header.FileLength;

    internal SnapshotImage Image => _image;

    /// <summary>Builds an index. Time grows as count × log(count); memory holds the result and, until it ends, the uncompressed links.</summary>
    /// <param name="options">What to build.</param>
    /// <param name="count">How many vectors there are, 0 to 2³⁰.</param>
    /// <param name="read">Gives the vectors; see <see cref="VectorReader"/> for threads and repeated calls.</param>
    /// <param name="progress">Told, now and then, how many vectors are linked.</param>
    /// <param name="ct">Stops the build; nothing is left behind.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or the count is out of range.</exception>
    /// <exception cref="ArgumentException">A vector holds a value that is not finite or too large for the chosen rerank vectors.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static HnswIndex Build(HnswOptions options, int count, VectorReader read, IProgress<int>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SnapshotHeader.MaxCount);
        options.Validate();
        return new HnswIndex(IndexBuild.Run(options, count, read, progress, ct));
    }

    /// <summary>Maps a snapshot file; its checksums are verified first, which reads it once.</summary>
    /// <param name="path">The file. It must not be changed or truncated while the index is open.</param>
    /// <exception cref="SnapshotFormatException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static HnswIndex OpenMapped(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new HnswIndex(SnapshotImage.Open(new MappedFile(path)));
    }

    /// <summary>Reads a snapshot into native memory, in order, comparing checksums on the way.</summary>
    /// <param name="length">Bytes of the snapshot.</param>
    /// <param name="read">Fills the memory from the offset; ranges follow each other, are as large as 1 GiB, and may be filled in parts at once.</param>
    /// <param name="ct">Stops the load; nothing is left behind.</param>
    /// <exception cref="SnapshotFormatException">The bytes are damaged.</exception>
    public static async ValueTask<HnswIndex> LoadAsync(long length, RangeReader read, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new HnswIndex(await SnapshotLoader.LoadAsync(length, read, ct).ConfigureAwait(false));
    }

    /// <summary>
    /// Finds the nearest vectors, best first. Fewer than <paramref name="results"/> has room for only when fewer match: a filter that the
    /// walk cannot satisfy is answered by scoring the matching vectors.
    /// </summary>
    /// <param name="query">A vector of the index's dimensions, finite.</param>
    /// <param name="efSearch">Candidates kept while walking; raised to the number of results. More costs time and gives recall.</param>
    /// <param name="results">Receives the neighbours.</param>
    /// <param name="filter">Which ordinals may be returned; it does not change which nodes are walked through.</param>
    /// <returns>How many were written.</returns>
    /// <exception cref="ArgumentException">The query has the wrong length or is not finite.</exception>
    /// <exception cref="SnapshotFormatException">A snapshot with valid checksums holds a link that leads nowhere.</exception>
    public int Search(ReadOnlySpan<float> query, int efSearch, Span<Neighbor> results, SearchFilter filter = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(efSearch);
        var context = _contexts.Rent();
        try
        {
            QueryPreparation.Load(query, Dimensions, Metric, context);
            if (_image.Header.Codes == VectorCodes.Float32)
                return IndexSearch.Run(_image, _image.Float32Space, context, efSearch, results, filter);
            QueryPreparation.Encode(_image.Centre, Dimensions, Metric, context);
            return IndexSearch.Run(_image, _image.Int8Space, context, efSearch, results, filter);
        }
        finally
        {
            _contexts.Return(context);
        }
    }

    /// <summary>Copies the stored vector (normalised under cosine; as precise as the rerank vectors are).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such ordinal.</exception>
    /// <exception cref="ArgumentException">The destination is shorter than the dimensions.</exception>
    public unsafe void CopyVector(int ordinal, Span<float> destination)
    {
        var node = NodeOf(ordinal);
        if (destination.Length < Dimensions)
            throw new ArgumentException($"The destination has room for {destination.Length} values, a vector has {Dimensions}.", nameof(destination));
        fixed (float* pointer = destination)
            _stored.Decode(node, pointer);
    }

    /// <summary>The score that a search would give this vector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such ordinal.</exception>
    /// <exception cref="ArgumentException">The query has the wrong length or is not finite.</exception>
    public unsafe float Score(ReadOnlySpan<float> query, int ordinal)
    {
        var node = NodeOf(ordinal);
        var context = _contexts.Rent();
        try
        {
            QueryPreparation.Load(query, Dimensions, Metric, context);
            return _stored.Score(context.Vector, node, context.Decoded);
        }
        finally
        {
            _contexts.Return(context);
        }
    }

    /// <summary>Writes the snapshot; docs/formats/index-snapshot.md describes its bytes.</summary>
    public void Save(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _image.Save(destination);
    }

    /// <summary>Frees the memory. No search may be running.</summary>
    public void Dispose()
    {
        _contexts.Dispose();
        _image.Dispose();
    }

    private unsafe uint NodeOf(int ordinal)
    {
        if ((uint)ordinal >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(ordinal), ordinal, $"The index holds ordinals 0 to {Count - 1}.");
        return _image.Nodes[ordinal];
    }
}
