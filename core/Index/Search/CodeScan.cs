using System.Numerics;
using ServerlessRec.Index.Codes;

namespace ServerlessRec.Index.Search;

/// <summary>Scores nodes one after the other by their codes, a batch at a time, and leaves the best in the pool for reranking.</summary>
internal unsafe ref struct CodeScan<TSpace>
    where TSpace : struct, INodeSpace
{
    private const int Batch = SearchContext.Batch;

    private readonly SearchContext _context;
    private readonly TSpace _space;

    // Two batches: one is on its way from memory while the other is scored.
    private uint* _asked;
    private uint* _filling;
    private int _askedCount;
    private int _count;

    /// <summary>Keeps half more than wanted: codes are near the vectors, not equal to them.</summary>
    public CodeScan(SearchContext context, in TSpace space, int wanted)
    {
        (_context, _space) = (context, space);
        _filling = context.Nodes;
        _asked = _filling + Batch;
        context.Pool.Begin(wanted + (wanted / 2) + 16, 0);
    }

    public void Offer(uint node)
    {
        _space.Prefetch(node);
        _filling[_count++] = node;
        if (_count == Batch)
            Turn();
    }

    /// <summary>Scores the marked nodes in their order: neighbours in memory follow each other, which is far cheaper than jumping.</summary>
    public void OfferAll(ulong* marks, int nodes)
    {
        var batch = _filling;
        var count = _count;
        var words = (nodes + 63) / 64;
        for (var index = 0; index < words; index++)
        {
            var word = marks[index];
            if (word == 0)
                continue;
            var first = (uint)index * 64;
            do
            {
                var node = first + (uint)BitOperations.TrailingZeroCount(word);
                word &= word - 1;
                _space.Prefetch(node);
                batch[count++] = node;
                if (count < Batch)
                    continue;
                _count = count;
                Turn();
                batch = _filling;
                count = 0;
            }
            while (word != 0);
        }
        _count = count;
    }

    /// <summary>Scores what is left.</summary>
    public void Flush()
    {
        Turn();
        Turn();
    }

    // Scores the batch that was asked for before and begins the next in its place.
    private void Turn()
    {
        Score(_asked, _askedCount);
        var scored = _asked;
        _asked = _filling;
        _filling = scored;
        (_askedCount, _count) = (_count, 0);
    }

    private readonly void Score(uint* nodes, int count)
    {
        var pool = _context.Pool;
        var scores = _context.Scores;
        _space.Score(_context.Query, nodes, count, scores);
        var worst = pool.WorstScore;
        for (var i = 0; i < count; i++)
        {
            if (scores[i] < worst)
                continue;
            pool.Add(scores[i], nodes[i], matches: true);
            worst = pool.WorstScore;
        }
    }
}
