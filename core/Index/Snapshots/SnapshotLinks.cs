using System.Runtime.CompilerServices;
using ServerlessRec.Index.Search;

namespace ServerlessRec.Index.Snapshots;

/// <summary>The compressed links of a snapshot's bottom level.</summary>
internal readonly unsafe struct SnapshotLinks(ushort* records, int words, uint count) : ILinks
{
    private readonly ushort* _records = records;
    private readonly int _words = words;
    private readonly uint _count = count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint node)
    {
        var record = _records + ((long)node * _words);
        Kernels.Prefetch.Line(record);
        Kernels.Prefetch.Line(record + _words - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchNext(uint node) => Prefetch(node);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(uint node, uint* into) => LinkCoding.Decode(_records + ((long)node * _words), _words, _count, into);
}
