using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue.Live;

namespace ServerlessRec.Recommender.Serving;

/// <summary>
/// Candidates for users of whom nothing is known. Score = (1 − share) × ln(1 + popularity) / ln(1 + greatest popularity)
/// + share × (1 − age / window), the second part for items within the fresh window only.
/// </summary>
internal readonly struct ColdStart(ServingOptions options, LiveItems items, DateTimeOffset now)
{
    private readonly double _scale = 1 / Math.Max(1e-9, Math.Log(1 + items.GreatestPopularity));

    /// <summary>
    /// Scores the <paramref name="wanted"/> most popular and as many of the latest items, sorts them and returns how many of the best
    /// <paramref name="wanted"/> lie in <paramref name="pool"/> (room for twice as many).
    /// </summary>
    public int Candidates(OrdinalSet? allowed, OrdinalSet excluded, int wanted, Span<Neighbor> pool)
    {
        var popular = 0;
        foreach (var row in MergedOrder.Popular(items))
        {
            if (popular == wanted)
            {
                break;
            }

            if (!excluded.Contains(row) && allowed?.Contains(row) != false)
            {
                pool[popular++] = new Neighbor(row, (float)Score(row));
            }
        }

        var found = popular;
        foreach (var row in MergedOrder.Latest(items))
        {
            if (found == popular + wanted || Freshness(row) is not > 0)
            {
                break;
            }

            if (!excluded.Contains(row) && allowed?.Contains(row) != false && !Contains(pool[..popular], row))
            {
                pool[found++] = new Neighbor(row, (float)Score(row));
            }
        }

        pool[..found].Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Ordinal.CompareTo(b.Ordinal));
        return Math.Min(found, wanted);
    }

    private double Score(int row) =>
        ((1 - options.FreshShare) * Math.Log(1 + items.Popularity(row)) * _scale) + (options.FreshShare * Math.Max(0, Freshness(row)));

    // Over 1 for items dated in the future would let a wrong clock win.
    private double Freshness(int row) => items.TimestampTicks(row) is { } ticks
        ? Math.Min(1, 1 - ((now.UtcTicks - ticks) / (double)options.FreshWindow.Ticks))
        : 0;

    private static bool Contains(ReadOnlySpan<Neighbor> pool, int row)
    {
        foreach (var candidate in pool)
        {
            if (candidate.Ordinal == row)
            {
                return true;
            }
        }

        return false;
    }
}
