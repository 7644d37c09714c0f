namespace ServerlessRec.Index.Search;

/// <summary>The end of a search: exact scores for the candidates of a pool, and the best of them written out.</summary>
internal static unsafe class Reranking
{
    public static int Best<TStored>(SearchContext context, in TStored stored, Span<Neighbor> results)
        where TStored : struct, IStoredVectors
    {
        var pool = context.Pool;
        context.ReserveResults(pool.Size);
        var keys = context.Results;
        var count = 0;
        for (var i = 0; i < pool.Size; i++)
        {
            if (pool.IsMatching(i))
                stored.Prefetch(pool.Node(i));
        }
        for (var i = 0; i < pool.Size; i++)
        {
            if (!pool.IsMatching(i))
                continue;
            var node = pool.Node(i);
            keys[count++] = ScoreKey.Of(stored.Score(context.Vector, node, context.Decoded), (uint)stored.Ordinal(node));
        }
        return Write(keys, count, results);
    }

    /// <summary>Sorts keys whose low bits are ordinals and writes the best.</summary>
    public static int Write(ulong* keys, int count, Span<Neighbor> results)
    {
        new Span<ulong>(keys, count).Sort();
        count = Math.Min(count, results.Length);
        for (var i = 0; i < count; i++)
            results[i] = new Neighbor((int)(uint)keys[i], ScoreKey.Score(keys[i]));
        return count;
    }
}
