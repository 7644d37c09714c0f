namespace ServerlessRec.Index.Search;

/// <summary>Keeps the best of many exact scores: collects into a buffer twice as long as needed and cuts it back when it is full.</summary>
internal unsafe ref struct BestScan
{
    private readonly ulong* _keys;
    private readonly int _wanted;
    private readonly int _capacity;
    private int _count;
    private ulong _worst;

    public BestScan(SearchContext context, int wanted)
    {
        _wanted = wanted;
        _capacity = wanted + Math.Max(wanted, 256);
        context.ReserveResults(_capacity);
        _keys = context.Results;
        _worst = ulong.MaxValue;
    }

    public void Offer(float score, int ordinal)
    {
        var key = ScoreKey.Of(score, (uint)ordinal);
        if (key >= _worst)
            return;
        _keys[_count++] = key;
        if (_count < _capacity)
            return;
        new Span<ulong>(_keys, _count).Sort();
        _count = _wanted;
        _worst = _keys[_wanted - 1];
    }

    public readonly int Write(Span<Neighbor> results) => Reranking.Write(_keys, _count, results);
}
