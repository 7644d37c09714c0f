using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Building;

/// <summary>
/// Compresses the bottom level's links into records of one length: the length that holds nearly all lists whole. A list that does not
/// fit loses its least similar neighbours.
/// </summary>
internal sealed unsafe class LinkAssembly
{
    // One list in 256 may lose a link or two: the rest would pay for the longest one.
    private const int WholeShare = 256;

    private readonly BuildGraph _graph;
    private readonly CodedVectors _vectors;
    private readonly int[] _order;
    private readonly uint[] _numbers;
    private readonly uint[] _ids;

    public LinkAssembly(BuildGraph graph, CodedVectors vectors, int[] order, uint[] numbers)
    {
        (_graph, _vectors, _order, _numbers) = (graph, vectors, order, numbers);
        _ids = new uint[graph.Bottom.Capacity];
        Stride = ChooseStride();
    }

    /// <summary>Bytes of one record.</summary>
    public int Stride { get; }

    public void Write(ushort* records)
    {
        var words = Stride / sizeof(ushort);
        for (var node = 0; node < _order.Length; node++)
        {
            var old = (uint)_order[node];
            var count = Sorted(old, _graph.Bottom.At(old).Count);
            for (var keep = count; LinkCoding.Words(_ids.AsSpan(0, count)) > words;)
                count = Sorted(old, --keep);
            LinkCoding.Encode(_ids.AsSpan(0, count), records + ((long)node * words), words);
        }
    }

    private int ChooseStride()
    {
        var lists = new int[(2 * _graph.Bottom.Capacity) + 1];
        foreach (var old in _order)
            lists[LinkCoding.Words(_ids.AsSpan(0, Sorted((uint)old, _graph.Bottom.At((uint)old).Count)))]++;
        var longer = _order.Length;
        var words = 0;
        while (words < lists.Length - 1 && (longer -= lists[words]) > _order.Length / WholeShare)
            words++;
        return Math.Max(4, (words + 1) / 2 * 4);
    }

    /// <summary>The new numbers of the best <paramref name="keep"/> neighbours, sorted.</summary>
    private int Sorted(uint old, int keep)
    {
        var count = _graph.Bottom.At(old).Count;
        var ids = _graph.Bottom.At(old).Ids;
        var scores = _graph.Bottom.At(old).Scores;
        if (keep < count)
        {
            if (!_graph.Bottom.At(old).IsScored)
                _vectors.Score(old, ids, count, scores);
            var byScore = new (float Score, uint Id)[count];
            for (var i = 0; i < count; i++)
                byScore[i] = (-scores[i], ids[i]);
            Array.Sort(byScore);
            for (var i = 0; i < keep; i++)
                _ids[i] = _numbers[byScore[i].Id];
        }
        else
        {
            for (var i = 0; i < count; i++)
                _ids[i] = _numbers[ids[i]];
        }
        Array.Sort(_ids, 0, keep);
        return keep;
    }
}
