using ServerlessRec.Index;

namespace ServerlessRec.Recommender.Serving.Ranking;

/// <summary>
/// Mixes less certain candidates in by drawing without replacement, each with a probability that grows with its score: the Gumbel-top-k
/// trick (Kool, van Hoof, Welling, "Stochastic Beams and Where to Find Them", 2019, §2).
/// </summary>
internal static class Exploration
{
    /// <summary>Orders <paramref name="candidates"/> anew. The temperature is <paramref name="explore"/> × two standard deviations of their scores.</summary>
    public static void Shuffle(Span<Neighbor> candidates, double explore, ulong seed)
    {
        var temperature = explore * 2 * StandardDeviation(candidates);
        if (!(temperature > 0))
        {
            return;
        }

        Span<double> keys = candidates.Length <= 512 ? stackalloc double[candidates.Length] : new double[candidates.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var uniform = (Next(ref seed) + 1.0) / (1 + (double)ulong.MaxValue);
            keys[i] = -((candidates[i].Score / temperature) - Math.Log(-Math.Log(Math.Clamp(uniform, 1e-300, 1 - 1e-16))));
        }

        keys.Sort(candidates);
    }

    private static double StandardDeviation(ReadOnlySpan<Neighbor> candidates)
    {
        double sum = 0, squares = 0;
        foreach (var candidate in candidates)
        {
            sum += candidate.Score;
            squares += (double)candidate.Score * candidate.Score;
        }

        var mean = sum / Math.Max(1, candidates.Length);
        return Math.Sqrt(Math.Max(0, (squares / Math.Max(1, candidates.Length)) - (mean * mean)));
    }

    // SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
