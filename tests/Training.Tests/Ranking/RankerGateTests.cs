using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Ranking;

namespace ServerlessRec.Training.Tests.Ranking;

public sealed class RankerGateTests
{
    [Fact]
    public void Where_the_hour_decides_the_ranker_is_accepted_and_raises_the_test_figure()
    {
        var report = RankerWorlds.Evaluate(RankerWorlds.ByHour(), RankerWorlds.Options).Report;
        Assert.True(report.Ranker!.IsAccepted, report.Ranker.Reason);
        var (model, ranked) = (report.Rows[0].AtK(10), report.Rows[1].AtK(10));
        Assert.Equal((EvaluationReport.Model, RankerFinding.Ranked), (report.Rows[0].Scorer, report.Rows[1].Scorer));
        Assert.True(ranked.NdcgAheadOf(model).Low > 0, $"{ranked.Ndcg} against {model.Ndcg}");
        Assert.True(report.ToMetrics()["ranker.validation.gain.low"] > 0);
    }

    [Fact]
    public void Where_nothing_but_taste_decides_the_gate_refuses_and_says_why()
    {
        var ranker = RankerWorlds.Evaluate(RankerWorlds.ByTaste(), RankerWorlds.Options).Report.Ranker!;
        Assert.False(ranker.IsAccepted, ranker.Reason);
        Assert.Contains("no rise beyond noise", ranker.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_means_that_none_is_learned()
    {
        var report = RankerWorlds.Evaluate(RankerWorlds.ByHour(), RankerWorlds.Options with { Epochs = 1, Ranker = RankerUse.Off }).Report;
        Assert.Null(report.Ranker);
        Assert.DoesNotContain(report.Rows, row => row.Scorer == RankerFinding.Ranked);
    }
}
