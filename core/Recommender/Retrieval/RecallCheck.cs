using System.Numerics.Tensors;
using ServerlessRec.Index;

namespace ServerlessRec.Recommender.Retrieval;

/// <summary>Measures how much of exact search an index finds. Making one passes over all vectors once; each measurement searches only.</summary>
internal sealed class RecallCheck
{
    private const int K = 10;
    private const int ItemsOfAMean = 5;
    private const float Tie = 1e-6f;

    private readonly HnswIndex _index;
    private readonly ReadOnlyMemory<float> _queries;
    private readonly float[] _worstOfBest;

    /// <param name="index">What is measured; must outlive this.</param>
    /// <param name="queries">Row-major, as long as the index's vectors each.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    public RecallCheck(HnswIndex index, ReadOnlyMemory<float> queries, CancellationToken cancellationToken)
    {
        (_index, _queries) = (index, queries);
        _worstOfBest = ExactThresholds(index, queries.Span, queries.Length / index.Dimensions, cancellationToken);
    }

    /// <summary>Recall@10; 1 for an empty index.</summary>
    public double At(int efSearch, CancellationToken cancellationToken)
    {
        var width = _index.Dimensions;
        var results = new Neighbor[Math.Min(K, _index.Count)];
        var item = new float[width];
        var hits = 0;
        for (var query = 0; query < _worstOfBest.Length; query++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wanted = _queries.Span.Slice(query * width, width);
            var found = _index.Search(wanted, efSearch, results);
            foreach (var result in results.AsSpan(0, found))
            {
                _index.CopyVector(result.Ordinal, item);
                hits += Score(_index.Metric, wanted, item) >= _worstOfBest[query] - Tie ? 1 : 0;
            }
        }

        return results.Length == 0 || _worstOfBest.Length == 0 ? 1 : (double)hits / (_worstOfBest.Length * results.Length);
    }

    /// <summary>Queries where no users are at hand: items and means of five items, as user vectors are.</summary>
    public static float[] LikeUsers(HnswIndex index, int queries, ulong seed)
    {
        if (index.Count == 0)
        {
            return [];
        }

        var width = index.Dimensions;
        var random = new Random((int)(seed & int.MaxValue));
        var wanted = new float[queries * width];
        var item = new float[width];
        for (var query = 0; query < queries; query++)
        {
            var sum = wanted.AsSpan(query * width, width);
            for (var i = 0; i < (query % 2 == 0 ? 1 : ItemsOfAMean); i++)
            {
                index.CopyVector(random.Next(index.Count), item);
                TensorPrimitives.Add(sum, item, sum);
            }
        }

        return wanted;
    }

    // The score of each query's tenth best item: every item that reaches it is a right answer, ties too.
    private static float[] ExactThresholds(HnswIndex index, ReadOnlySpan<float> wanted, int queries, CancellationToken cancellationToken)
    {
        var best = new PriorityQueue<int, float>[queries];
        for (var query = 0; query < queries; query++)
        {
            best[query] = new PriorityQueue<int, float>(K + 1);
        }

        var item = new float[index.Dimensions];
        for (var ordinal = 0; ordinal < index.Count; ordinal++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            index.CopyVector(ordinal, item);
            for (var query = 0; query < queries; query++)
            {
                var score = Score(index.Metric, wanted.Slice(query * item.Length, item.Length), item);
                if (best[query].Count < K)
                {
                    best[query].Enqueue(ordinal, score);
                }
                else if (best[query].TryPeek(out _, out var worst) && score > worst)
                {
                    best[query].EnqueueDequeue(ordinal, score);
                }
            }
        }

        return Array.ConvertAll(best, queue => queue.TryPeek(out _, out var worst) ? worst : float.NegativeInfinity);
    }

    // Cosine indexes hold normalised vectors, and a query's own length changes no order.
    private static float Score(Metric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> item) =>
        metric == Metric.SquaredL2 ? -TensorPrimitives.Distance(query, item) : TensorPrimitives.Dot(query, item);
}
