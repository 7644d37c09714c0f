using System.Buffers;
using System.Numerics.Tensors;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue.Live;

namespace ServerlessRec.Recommender.Serving.Ranking;

/// <summary>
/// Maximal marginal relevance (Carbonell and Goldstein, "The Use of MMR", 1998) over item vectors: the next item is the one whose
/// (1 − diversity) × score − diversity × greatest similarity to those already chosen is greatest.
/// </summary>
internal static class Diversity
{
    /// <summary>Moves the chosen ones to the front of <paramref name="candidates"/>, in their order; <paramref name="wanted"/> at most.</summary>
    public static void Spread(Span<Neighbor> candidates, int wanted, double diversity, int width, LiveCatalogue catalogue)
    {
        var vectors = ArrayPool<float>.Shared.Rent(candidates.Length * width);
        var nearest = ArrayPool<float>.Shared.Rent(candidates.Length);
        try
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                catalogue.CopyVector(candidates[i].Ordinal, vectors.AsSpan(i * width, width));
                nearest[i] = -1;
            }

            for (var chosen = 0; chosen < Math.Min(wanted, candidates.Length); chosen++)
            {
                var best = Best(candidates, nearest, chosen, (float)diversity);
                (candidates[chosen], candidates[best]) = (candidates[best], candidates[chosen]);
                (nearest[chosen], nearest[best]) = (nearest[best], nearest[chosen]);
                Swap(vectors.AsSpan(chosen * width, width), vectors.AsSpan(best * width, width));
                for (var i = chosen + 1; i < candidates.Length; i++)
                {
                    var similarity = TensorPrimitives.Dot(vectors.AsSpan(chosen * width, width), vectors.AsSpan(i * width, width));
                    nearest[i] = Math.Max(nearest[i], similarity);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(vectors);
            ArrayPool<float>.Shared.Return(nearest);
        }
    }

    // Equal ones: the better ranked.
    private static int Best(ReadOnlySpan<Neighbor> candidates, ReadOnlySpan<float> nearest, int from, float diversity)
    {
        var best = from;
        var bestValue = float.NegativeInfinity;
        for (var i = from; i < candidates.Length; i++)
        {
            var value = ((1 - diversity) * candidates[i].Score) - (diversity * nearest[i]);
            if (value > bestValue || (value == bestValue && candidates[i].Score > candidates[best].Score))
            {
                (best, bestValue) = (i, value);
            }
        }

        return best;
    }

    private static void Swap(Span<float> one, Span<float> other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            (one[i], other[i]) = (other[i], one[i]);
        }
    }
}
