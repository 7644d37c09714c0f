using System.Xml.Linq;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Report;

namespace ServerlessRec.Training.Tests.Report;

public sealed class HtmlReportTests
{
    [Fact]
    public void The_page_shows_every_scorer_curves_and_what_serving_makes_of_it_and_names_cannot_break_it()
    {
        var page = HtmlReport.Page(
            new EvaluationReport("<script>alert(1)</script>", "time", [Row("model", 0.25), Row("a & b", 0.125)], 2, 0.2)
            {
                Curves = [new TrainingCurve("Pooled", [new EpochReport(1, 2, 1, 5.5, 100, 0.1), new EpochReport(2, 2, 1, 5.1, 100, 0.2, true)])],
                Served = new ServedFigures([(10, 0.9), (20, 0.95)], 21.4, 50),
            },
            DateTimeOffset.UnixEpoch);
        var content = XDocument.Parse(page.Replace("<!doctype html>", "", StringComparison.Ordinal).Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal));
        Assert.DoesNotContain(content.Descendants(), element => element.Name.LocalName == "script");
        var cells = content.Descendants("td").Select(cell => cell.Value).ToList();
        Assert.Superset(new HashSet<string> { "model", "a & b", "0.2500", "0.1250" }, cells.ToHashSet());
        Assert.Equal(4, content.Descendants("svg").Count()); // bars, validation, loss, recall
        Assert.Contains("takes 21 µs", content.Root!.Value, StringComparison.Ordinal);
    }

    private static EvaluationRow Row(string name, double ndcg)
    {
        var at = new MetricsAtK
        {
            K = 10,
            Recall = 0.1,
            Ndcg = ndcg,
            HitRate = 0.2,
            Mrr = 0.3,
            Coverage = 0.4,
            Novelty = 5,
            PopularityBias = 0.6,
            Cases = [new CaseMetrics(0, 0.1, ndcg, 0, 0), new CaseMetrics(1, 0.1, ndcg, 0, 0)],
        };
        return new EvaluationRow { Scorer = name, Cases = 2, SkippedCases = 0, At = [at], Segments = [new SegmentRow("long-tail items", 1, [at])] };
    }
}
