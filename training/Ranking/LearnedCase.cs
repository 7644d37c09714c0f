using ServerlessRec.Index;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Ranking;

/// <summary>What the ranker learns from one case: candidates, and which of them the user then chose.</summary>
/// <param name="Inputs">Encoded candidates.</param>
/// <param name="Offsets">
/// Added to the logits in the loss: a candidate that was drawn for several stands for all of them by the logarithm of their number.
/// </param>
/// <param name="Chosen">Places of the chosen ones; at least one.</param>
/// <param name="ChosenAt">When each was chosen, Unix milliseconds.</param>
internal sealed record LearnedCase(RankerInputs Inputs, float[] Offsets, int[] Chosen, long[] ChosenAt)
{
    private const int SurelyKept = 30, Drawn = 30;

    /// <summary>The chosen ones, the best of the others, and a draw of the rest; null when none was chosen.</summary>
    /// <param name="cases">Turns the case into a request.</param>
    /// <param name="asked">The case.</param>
    /// <param name="pool">What the retrieval found for it, best first.</param>
    /// <param name="times">When users chose what.</param>
    /// <param name="random">Draws.</param>
    public static LearnedCase? Of(AskedCases cases, EvaluationCase asked, ReadOnlySpan<Neighbor> pool, ChoiceTimes times, Random random)
    {
        var now = AskedCases.Now(asked);
        var targets = asked.Targets.ToHashSet();
        var kept = new List<(int Rank, bool IsChosen)>();
        var rest = new List<int>();
        for (var rank = 0; rank < pool.Length; rank++)
        {
            if (cases.Items.Read(pool[rank].Ordinal).TimestampTicks > now.UtcTicks)
            {
                continue; // a server does not know it yet
            }

            var isChosen = targets.Contains(pool[rank].Ordinal);
            if (isChosen || kept.Count < SurelyKept)
            {
                kept.Add((rank, isChosen));
            }
            else
            {
                rest.Add(rank);
            }
        }

        if (!kept.Exists(candidate => candidate.IsChosen))
        {
            return null;
        }

        var drawn = rest.ToArray();
        random.Shuffle(drawn);
        drawn = drawn[..Math.Min(Drawn, drawn.Length)];
        var offset = drawn.Length == 0 ? 0 : MathF.Log((float)rest.Count / drawn.Length);
        int[] ranks = [.. kept.Select(candidate => candidate.Rank), .. drawn];
        int[] chosen = [.. Enumerable.Range(0, kept.Count).Where(place => kept[place].IsChosen)];
        var chosenAt = new long[chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosenAt[i] = times.Of(asked, pool[ranks[chosen[i]]].Ordinal);
        }

        return new LearnedCase(
            Encode(cases, asked, pool, ranks), [.. Enumerable.Range(0, ranks.Length).Select(place => place < kept.Count ? 0 : offset)], chosen, chosenAt);
    }

    /// <summary>What was known of the case before a moment; null when nothing had been chosen by then.</summary>
    public LearnedCase? Before(long moment)
    {
        int[] kept = [.. Enumerable.Range(0, Chosen.Length).Where(place => ChosenAt[place] < moment)];
        return kept.Length == 0 ? null : this with { Chosen = [.. kept.Select(place => Chosen[place])], ChosenAt = [.. kept.Select(place => ChosenAt[place])] };
    }

    // All are encoded, because rank and distance are to the whole pool.
    private static RankerInputs Encode(AskedCases cases, EvaluationCase asked, ReadOnlySpan<Neighbor> pool, int[] ranks)
    {
        var all = new RankerInputs();
        RankerFeatures.Encode(cases.Items, cases.History(asked), AskedCases.Now(asked), pool, 1, all);
        var taken = new RankerInputs();
        taken.Reset(ranks.Length);
        for (var place = 0; place < ranks.Length; place++)
        {
            Take(all.FieldRows, taken.FieldRows, RankerFields.Count, ranks[place], place);
            Take(all.CategoryRows, taken.CategoryRows, RankerFields.MaxCategories, ranks[place], place);
            Take(all.CategoryWeights, taken.CategoryWeights, RankerFields.MaxCategories, ranks[place], place);
            Take(all.ScoreSteps, taken.ScoreSteps, 1, ranks[place], place);
        }

        return taken;
    }

    private static void Take<T>(Memory<T> from, Memory<T> to, int width, int rank, int place) =>
        from.Slice(rank * width, width).CopyTo(to[(place * width)..]);
}
