using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Kernels;
using ServerlessRec.Index.Memory;

namespace ServerlessRec.Index.Search;

/// <summary>All the memory one walk needs, native and kept for the next one. One thread at a time.</summary>
internal sealed unsafe class SearchContext : IDisposable
{
    /// <summary>Nodes that a scan scores together.</summary>
    public const int Batch = 64;

    private readonly NativeBlock _buffers;
    private NativeBlock? _results;
    private NativeBlock? _marks;

    public SearchContext(int nodes, int dimensions, int maxLinks)
    {
        Visited = new VisitedSet(nodes);
        Pool = new CandidatePool();
        var padded = (dimensions + Int8Kernel.Step - 1) / Int8Kernel.Step * Int8Kernel.Step;
        var slots = Math.Max(maxLinks, 2 * Batch) + 8;
        _buffers = new NativeBlock((slots * (sizeof(uint) + sizeof(float))) + (padded * ((4 * sizeof(float)) + (2 * sizeof(short)))));
        Vector = (float*)_buffers.Pointer;
        Centred = Vector + padded;
        Decoded = Centred + padded;
        OtherVector = Decoded + padded;
        Query = new QueryCode { Float = Vector, Int16 = (short*)(OtherVector + padded) };
        Other = new QueryCode { Float = OtherVector, Int16 = Query.Int16 + padded };
        Nodes = (uint*)(Other.Int16 + padded);
        Scores = (float*)(Nodes + slots);
    }

    public VisitedSet Visited { get; }

    public CandidatePool Pool { get; }

    /// <summary>The query, padded with zeros.</summary>
    public float* Vector { get; }

    /// <summary>The query less the centre.</summary>
    public float* Centred { get; }

    /// <summary>One stored vector, padded with zeros.</summary>
    public float* Decoded { get; }

    private float* OtherVector { get; }

    /// <summary>Neighbours of one node, or two batches of <see cref="Batch"/>.</summary>
    public uint* Nodes { get; }

    /// <summary>Their scores.</summary>
    public float* Scores { get; }

    /// <summary>The coded query.</summary>
    public QueryCode Query;

    /// <summary>A second coded vector, for comparing nodes with each other.</summary>
    public QueryCode Other;

    /// <summary>Results before they are written out, as sorted keys.</summary>
    public ulong* Results { get; private set; }

    /// <summary>A bit for each node, all of them zero.</summary>
    public ulong* ClearMarks(int nodes)
    {
        var words = (nodes + 63) / 64;
        if (_marks is null || _marks.Length < (long)words * sizeof(ulong))
        {
            _marks?.Dispose();
            _marks = new NativeBlock((long)words * sizeof(ulong));
        }
        new Span<ulong>(_marks.Pointer, words).Clear();
        return (ulong*)_marks.Pointer;
    }

    public void ReserveResults(int count)
    {
        var bytes = (long)count * sizeof(ulong);
        if (_results is not null && _results.Length >= bytes)
            return;
        _results?.Dispose();
        _results = new NativeBlock(bytes * 2);
        Results = (ulong*)_results.Pointer;
    }

    public void Dispose()
    {
        Visited.Dispose();
        Pool.Dispose();
        _buffers.Dispose();
        _results?.Dispose();
        _marks?.Dispose();
    }
}
