using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Publishing;

namespace ServerlessRec.Training.Tests.Publishing;

public sealed class ReleaseGateTests
{
    [Theory]
    [InlineData(0.2, 0.1, 0.2, true)]
    [InlineData(0.2, 0.2, 0.1, false)]
    [InlineData(0.2, 0.1, 0.3, false)]
    [InlineData(0.299, 0.1, 0.3, true)]
    public void Models_behind_popularity_or_beyond_noise_behind_the_current_release_are_refused(
        double model, double popularity, double current, bool passes)
    {
        var report = new EvaluationReport(
            "set", "time", [Row(EvaluationReport.Model, model), Row("popularity", popularity), Row(ReleaseScorer.CurrentRelease, current)], 1, model);
        Assert.Equal(passes, ReleaseGate.Judge(report).Refusals.Count == 0);
    }

    private static EvaluationRow Row(string scorer, double ndcg)
    {
        var random = new Random(scorer.Length);
        var noise = Enumerable.Range(0, 200).Select(_ => 0.1 * (random.NextDouble() - 0.5)).ToList();
        var middle = noise.Average();
        CaseMetrics[] cases = [.. noise.Select((deviation, i) => new CaseMetrics(i, 0, ndcg + deviation - middle, 0, 0))];
        return new EvaluationRow
        {
            Scorer = scorer,
            Cases = cases.Length,
            SkippedCases = 0,
            At =
            [
                new MetricsAtK
                {
                    K = 10, Recall = 0, Ndcg = ndcg, HitRate = 0, Mrr = 0, Coverage = 0, Novelty = 0, PopularityBias = 0, Cases = cases,
                },
            ],
        };
    }
}
