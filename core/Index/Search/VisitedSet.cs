using System.Runtime.CompilerServices;
using ServerlessRec.Index.Memory;

namespace ServerlessRec.Index.Search;

/// <summary>Which nodes a walk has met: one byte a node holding the walk's generation, cleared every 255 walks only.</summary>
internal sealed unsafe class VisitedSet : IDisposable
{
    private NativeBlock _marks;
    private byte _generation;

    public VisitedSet(int nodes) => _marks = new NativeBlock(nodes);

    /// <summary>Starts a walk over this many nodes.</summary>
    public VisitedMarks Begin(int nodes)
    {
        if (_marks.Length < nodes)
        {
            var grown = new NativeBlock(Math.Max(nodes, _marks.Length * 2));
            _marks.Dispose();
            _marks = grown;
            _generation = 0;
        }
        if (++_generation == 0)
        {
            new Span<byte>(_marks.Pointer, checked((int)_marks.Length)).Clear();
            _generation = 1;
        }
        return new VisitedMarks(_marks.Pointer, _generation);
    }

    public void Dispose() => _marks.Dispose();
}

/// <summary>The marks of one walk.</summary>
internal readonly unsafe struct VisitedMarks(byte* marks, byte generation)
{
    private readonly byte* _marks = marks;
    private readonly byte _generation = generation;

    /// <summary>Marks a node; returns whether it was new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Enter(uint node)
    {
        var isNew = _marks[node] != _generation;
        _marks[node] = _generation;
        return isNew;
    }
}
