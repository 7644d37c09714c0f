using System.Numerics.Tensors;
using ServerlessRec.Index;

namespace ServerlessRec.Recommender.Rebuilding;

/// <summary>Measures how much of exact search an index finds. Queries are items and means of five items, as user vectors are.</summary>
internal static class RecallCheck
{
    private const int K = 10;
    private const int ItemsOfAMean = 5;
    private const float Tie = 1e-6f;

    /// <summary>Recall@10 over <paramref name="queries"/> searches; 1 for an empty index. One pass over all vectors.</summary>
    public static double Measure(HnswIndex index, int efSearch, int queries, ulong seed, CancellationToken cancellationToken)
    {
        if (index.Count == 0)
        {
            return 1;
        }

        var width = index.Dimensions;
        var wanted = Queries(index, queries, seed);
        var worstOfBest = ExactThresholds(index, wanted, queries, cancellationToken);
        var results = new Neighbor[Math.Min(K, index.Count)];
        var item = new float[width];
        var hits = 0;
        for (var query = 0; query < queries; query++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = index.Search(wanted.AsSpan(query * width, width), efSearch, results);
            foreach (var result in results.AsSpan(0, found))
            {
                index.CopyVector(result.Ordinal, item);
                hits += Score(index.Metric, wanted.AsSpan(query * width, width), item) >= worstOfBest[query] - Tie ? 1 : 0;
            }
        }

        return (double)hits / (queries * results.Length);
    }

    private static float[] Queries(HnswIndex index, int queries, ulong seed)
    {
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
    private static float[] ExactThresholds(HnswIndex index, float[] wanted, int queries, CancellationToken cancellationToken)
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
                var score = Score(index.Metric, wanted.AsSpan(query * item.Length, item.Length), item);
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
