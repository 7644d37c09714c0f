using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Publishing;

namespace ServerlessRec.Training.Ranking;

/// <summary>Compares an exported ranker with the learned one, over batches of every size and values of every field.</summary>
internal static class RankerParity
{
    private const int Batches = 64;

    /// <summary>The largest difference of any logit.</summary>
    /// <exception cref="ParityException">It is above <see cref="ParityCheck.Tolerance"/>.</exception>
    public static float Measure(RankerNetwork network, Ranker exported)
    {
        var random = new Random(1);
        var pass = new RankerPass(network);
        pass.ReadWeights();
        var largest = 0f;
        var inputs = new RankerInputs();
        for (var batch = 0; batch < Batches; batch++)
        {
            Fill(inputs, batch < 8 ? batch + 1 : random.Next(1, exported.Spec.Candidates + 1), random);
            var scores = new float[inputs.Count];
            exported.Score(inputs, scores);
            var learned = pass.Forward(inputs);
            for (var candidate = 0; candidate < scores.Length; candidate++)
            {
                var difference = Math.Abs(scores[candidate] - learned[candidate]);
                largest = difference <= largest ? largest : difference; // NaN too
            }
        }

        return largest <= ParityCheck.Tolerance
            ? largest
            : throw new ParityException(FormattableString.Invariant(
                $"The exported ranker differs from the learned one by {largest:G3}, allowed {ParityCheck.Tolerance:G1}. Nothing was published."));
    }

    internal static void Fill(RankerInputs inputs, int candidates, Random random)
    {
        inputs.Reset(candidates);
        foreach (ref var row in inputs.FieldRows.Span)
        {
            row = random.Next(RankerFields.Rows);
        }

        inputs.CategoryRows.Span.Clear();
        inputs.CategoryWeights.Span.Clear();
        for (var candidate = 0; candidate < candidates; candidate++)
        {
            var categories = random.Next(RankerFields.MaxCategories + 1);
            for (var place = candidate * RankerFields.MaxCategories; place < (candidate * RankerFields.MaxCategories) + categories; place++)
            {
                inputs.CategoryRows.Span[place] = random.Next(1, RankerFields.Rows);
                inputs.CategoryWeights.Span[place] = 1f / categories;
            }

            inputs.ScoreSteps.Span[candidate] = -5 * random.NextSingle();
        }
    }
}
