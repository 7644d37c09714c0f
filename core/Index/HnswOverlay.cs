using System.Collections.Concurrent;
using ServerlessRec.Index.Building;
using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Overlay;
using ServerlessRec.Index.Search;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index;

/// <summary>
/// Changes over an immutable index: vectors added, replaced and removed, searched together with the base as one graph, and merged into a
/// new snapshot when there are many.
/// </summary>
/// <remarks>
/// Any number of threads search while one at a time changes (changes wait for each other). Each search sees the state after one whole
/// change. The base stays as it is and must outlive the overlay. Memory grows with every change until the overlay is merged.
/// </remarks>
public sealed unsafe class HnswOverlay : IDisposable
{
    private readonly HnswIndex _base;
    private readonly SnapshotImage _image;
    private readonly OverlayNodes _nodes;
    private readonly BaseChanges _changes;
    private readonly BuildContext _context;
    private readonly OverlayInsertion _insertion;
    private readonly SearchContextPool _contexts;
    private readonly RerankReader _stored;
    private readonly ConcurrentDictionary<int, uint> _movedOrdinals = new();
    private readonly Lock _write = new();
    private readonly uint _baseCount;
    private SymmetricBiases? _symmetric;
    private ulong _state;
    private int _count;
    private int _liveCount;

    /// <summary>An overlay without changes.</summary>
    /// <param name="baseIndex">The index beneath; it may be empty.</param>
    /// <param name="efConstruction">Candidates weighed for each added vector, 0 = as the base was built.</param>
    public HnswOverlay(HnswIndex baseIndex, int efConstruction = 0)
    {
        ArgumentNullException.ThrowIfNull(baseIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(efConstruction);
        _base = baseIndex;
        _image = baseIndex.Image;
        _stored = new RerankReader(_image);
        _baseCount = (uint)_image.Count;
        _count = _liveCount = _image.Count;
        var header = _image.Header;
        var capacity = 2 * header.M + (header.M / 2);
        _nodes = new OverlayNodes(_image.Strides, header.Dimensions, capacity);
        _changes = new BaseChanges(_image.Count, capacity);
        var maxLinks = Math.Max(header.LinkStride / 2, capacity);
        _context = new BuildContext(_image.Count, header.Dimensions, maxLinks, header.M);
        _insertion = new OverlayInsertion(_image, _nodes, _changes, _context, efConstruction == 0 ? header.EfConstruction : efConstruction);
        _contexts = new SearchContextPool(() => new SearchContext((int)View().Limit, header.Dimensions, maxLinks));
    }

    /// <summary>One more than the greatest ordinal in use: the base's count and one for each added vector.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many vectors a search can return.</summary>
    public int LiveCount => Volatile.Read(ref _liveCount);

    /// <summary>How many changes were made.</summary>
    public int Changes => (int)OverlayState.From(Volatile.Read(ref _state)).Change;

    /// <summary>The length of every vector.</summary>
    public int Dimensions => _base.Dimensions;

    /// <summary>How vectors are compared.</summary>
    public Metric Metric => _base.Metric;

    /// <summary>Adds a vector and returns its ordinal, the next free one. Costs about what the build spends on one vector.</summary>
    /// <exception cref="ArgumentException">The vector has the wrong length or is not finite.</exception>
    public int Add(ReadOnlySpan<float> vector)
    {
        lock (_write)
        {
            var ordinal = _count;
            Append(ordinal, vector);
            _count++;
            _liveCount++;
            Publish(addedNodes: 1);
            return ordinal;
        }
    }

    /// <summary>Replaces a vector, or brings a removed one back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There never was such an ordinal.</exception>
    /// <exception cref="ArgumentException">The vector has the wrong length or is not finite.</exception>
    public void Update(int ordinal, ReadOnlySpan<float> vector)
    {
        lock (_write)
        {
            RequireOrdinal(ordinal, _count);
            var before = NodeOf(ordinal);
            var wasLive = View().IsLive(before);
            Append(ordinal, vector);
            if (wasLive)
                MarkRemoved(before);
            else
                _liveCount++;
            Publish(addedNodes: 1);
        }
    }

    /// <summary>Removes a vector from all later searches; returns whether it was there. Its ordinal is not given out again.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There never was such an ordinal.</exception>
    public bool Remove(int ordinal)
    {
        lock (_write)
        {
            RequireOrdinal(ordinal, _count);
            var node = NodeOf(ordinal);
            if (!View().IsLive(node))
                return false;
            MarkRemoved(node);
            _liveCount--;
            Publish(addedNodes: 0);
            return true;
        }
    }

    /// <summary>Whether the ordinal exists and is not removed.</summary>
    public bool Contains(int ordinal) => (uint)ordinal < (uint)Count && View().IsLive(NodeOf(ordinal));

    /// <summary>As <see cref="HnswIndex.Search"/>, over everything that lives.</summary>
    /// <exception cref="ArgumentException">The query has the wrong length or is not finite.</exception>
    public int Search(ReadOnlySpan<float> query, int efSearch, Span<Neighbor> results, SearchFilter filter = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(efSearch);
        var context = _contexts.Rent();
        try
        {
            QueryPreparation.Load(query, Dimensions, Metric, context);
            if (_image.Header.Codes == VectorCodes.Float32)
                return OverlaySearch.Run(_image, View(), Float32Space(), Vectors(), context, efSearch, results, filter);
            QueryPreparation.Encode(_image.Centre, Dimensions, Metric, context);
            var biases = (float*)_image.OptionalPointer(SectionKind.Biases);
            return OverlaySearch.Run(_image, View(), Int8Space(biases), Vectors(), context, efSearch, results, filter);
        }
        finally
        {
            _contexts.Return(context);
        }
    }

    /// <summary>Copies a vector, the last one if it was removed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There never was such an ordinal.</exception>
    /// <exception cref="ArgumentException">The destination is shorter than the dimensions.</exception>
    public void CopyVector(int ordinal, Span<float> destination)
    {
        RequireOrdinal(ordinal, Count);
        if (destination.Length < Dimensions)
            throw new ArgumentException($"The destination has room for {destination.Length} values, a vector has {Dimensions}.", nameof(destination));
        fixed (float* pointer = destination)
            Vectors().Decode(NodeOf(ordinal), pointer, Dimensions);
    }

    /// <summary>The score that a search would give this vector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There never was such an ordinal.</exception>
    /// <exception cref="ArgumentException">The query has the wrong length or is not finite.</exception>
    public float Score(ReadOnlySpan<float> query, int ordinal)
    {
        RequireOrdinal(ordinal, Count);
        var context = _contexts.Rent();
        try
        {
            QueryPreparation.Load(query, Dimensions, Metric, context);
            return Vectors().Score(context.Vector, NodeOf(ordinal), context.Decoded);
        }
        finally
        {
            _contexts.Return(context);
        }
    }

    /// <summary>
    /// Builds a new index of what lives: unchanged nodes keep their codes and links, links to removed nodes are mended, added nodes find
    /// their levels. Changes wait meanwhile; searches go on.
    /// </summary>
    /// <param name="threads">0 = every processor.</param>
    /// <param name="ct">Stops the merge; nothing is left behind.</param>
    public OverlayMerge Merge(int threads = 0, CancellationToken ct = default)
    {
        lock (_write)
        {
            var ordinals = new int[_liveCount];
            var nodes = new uint[_liveCount];
            var next = 0;
            for (var ordinal = 0; ordinal < _count; ordinal++)
            {
                var node = NodeOf(ordinal);
                if (!View().IsLive(node))
                    continue;
                ordinals[next] = ordinal;
                nodes[next++] = node;
            }
            _symmetric ??= new SymmetricBiases(_image);
            var parts = new MergeParts(_image, View(), _nodes.View, nodes, _symmetric);
            var merged = new MergeBuild(parts, threads, (i, vector) => CopyVector(ordinals[i], vector)).Run(ct);
            return new OverlayMerge(new HnswIndex(merged), ordinals);
        }
    }

    /// <summary>Frees the overlay's memory; the base stays. No search or change may be running.</summary>
    public void Dispose()
    {
        _contexts.Dispose();
        _context.Dispose();
        _symmetric?.Dispose();
        _changes.Dispose();
        _nodes.Dispose();
    }

    private static void RequireOrdinal(int ordinal, int count)
    {
        if ((uint)ordinal >= (uint)count)
            throw new ArgumentOutOfRangeException(nameof(ordinal), ordinal, $"The overlay holds ordinals 0 to {count - 1}.");
    }

    private void Append(int ordinal, ReadOnlySpan<float> vector)
    {
        _symmetric ??= new SymmetricBiases(_image);
        var search = _context.Search;
        QueryPreparation.Load(vector, Dimensions, Metric, search);
        var slot = (uint)_nodes.Append();
        Write(slot, ordinal, search);
        var node = _baseCount + slot;
        var view = View(OverlayState.From(_state) with { Nodes = slot });
        if (_image.Header.Codes == VectorCodes.Float32)
            _insertion.Link(node, view, Float32Space());
        else
            _insertion.Link(node, view, Int8Space(_symmetric.Values));
        _movedOrdinals[ordinal] = node;
    }

    private void Write(uint slot, int ordinal, SearchContext search)
    {
        var view = _nodes.View;
        new ReadOnlySpan<float>(search.Vector, Dimensions).CopyTo(new Span<float>(view.Vector(slot), Dimensions));
        var numbers = view.Numbers(slot);
        numbers->Ordinal = ordinal;
        numbers->Removed = 0;
        if (_image.Header.Codes == VectorCodes.Float32)
            return;
        for (var d = 0; d < Dimensions; d++)
            search.Centred[d] = search.Vector[d] - _image.Centre[d];
        numbers->Scale = Int8Quantizer.Encode(search.Centred, Dimensions, (sbyte*)view.Code(slot));
        numbers->Bias = Int8Quantizer.Bias((sbyte*)view.Code(slot), numbers->Scale, _image.Centre, Metric);
    }

    private void MarkRemoved(uint node)
    {
        var change = OverlayState.From(_state).Change + 1;
        if (node < _baseCount)
            _changes.Remove(node, change);
        else
            Volatile.Write(ref _nodes.View.Numbers(node - _baseCount)->Removed, change);
    }

    private void Publish(uint addedNodes)
    {
        var state = OverlayState.From(_state);
        Volatile.Write(ref _state, new OverlayState(state.Change + 1, state.Nodes + addedNodes).Packed);
    }

    private uint NodeOf(int ordinal) => _movedOrdinals.TryGetValue(ordinal, out var node) ? node : _image.Nodes[ordinal];

    private OverlayView View() => View(OverlayState.From(Volatile.Read(ref _state)));

    private OverlayView View(OverlayState state) => new(_image.Links, _baseCount, _changes.View, _nodes.View, _image.Ordinals, state);

    private OverlayVectors Vectors() => new(_stored, _baseCount, _nodes.View, Metric == Metric.SquaredL2);

    private OverlayInt8Space Int8Space(float* biases) => new(
        (sbyte*)_image.Pointer(SectionKind.Codes), (float*)_image.Pointer(SectionKind.Scales), biases, _image.Strides.CodeStride, _baseCount, _nodes.View);

    private OverlayFloat32Space Float32Space() => new(
        (float*)_image.Pointer(SectionKind.Codes), _image.Strides.CodeElements, Metric == Metric.SquaredL2, _baseCount, _nodes.View);
}
