using System.Globalization;
using System.Net;
using System.Text;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Pipeline;

namespace ServerlessRec.Training.Report;

/// <summary>An evaluation as one HTML page without scripts or anything from elsewhere.</summary>
internal static class HtmlReport
{
    private const string Style = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#0f172a}"
        + "table{border-collapse:collapse}td,th{padding:.2rem .7rem;border-bottom:1px solid #e2e8f0;text-align:right}td:first-child,th:first-child{text-align:left}"
        + "tr:first-child+tr{font-weight:600}h2{margin-top:2.2rem}svg{max-width:100%;height:auto}div{overflow-x:auto}";

    private static readonly string[] Metrics = ["NDCG", "Recall", "HR", "MRR", "coverage", "novelty", "popularity bias"];

    /// <summary>Writes the page whole or not at all.</summary>
    public static async Task WriteAsync(string file, EvaluationReport report, DateTimeOffset when, CancellationToken cancellationToken)
    {
        var unfinished = file + ".unfinished";
        await File.WriteAllTextAsync(unfinished, Page(report, when), cancellationToken).ConfigureAwait(false);
        File.Move(unfinished, file, overwrite: true);
    }

    internal static string Page(EvaluationReport report, DateTimeOffset when)
    {
        var page = new StringBuilder();
        var title = Encoded(report.Dataset + ": evaluation");
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{Style}</style></head><body><h1>{title}</h1>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Encoded(report.Protocol)}; {report.Rows[0].Cases:N0} cases; full ranking over all items, items of the history left out. {when:yyyy-MM-dd HH:mm} UTC.</p>");
        var k = report.Rows[0].At[0].K;
        Section(page, FormattableString.Invariant($"NDCG@{k}, with 95 % intervals over cases"), SvgChart.Bars([.. report.Rows.Select(row =>
        {
            var interval = row.At[0].NdcgInterval();
            return (row.Scorer, row.At[0].Ndcg, interval.Low, interval.High);
        })]) + Figures(report.Rows));
        Section(page, FormattableString.Invariant($"By segment: NDCG@{k}"), BySegment(report));
        if (report.NewItems is { } newItems)
        {
            Section(page, FormattableString.Invariant($"{newItems.Items:N0} items held out of all training, ranked among themselves"), Figures(newItems.Rows));
        }

        if (report.Curves.Count > 0)
        {
            Section(page, "Choosing the epoch, on validation", SvgChart.Lines("epoch", "NDCG@10", Curves(report, epoch => epoch.Validation ?? 0)) + SvgChart.Lines("epoch", "loss", Curves(report, epoch => epoch.Loss)));
        }

        if (report.Served is { } served)
        {
            Section(page, "The index beside exact search", SvgChart.Lines("efSearch", "recall@10", [("recall@10", [.. served.Recall.Select(at => ((double)at.EfSearch, at.Recall))])]));
            Section(page, "The exported user tower", FormattableString.Invariant($"<p>One inference over {served.Entries} entries takes {served.InferenceMicroseconds:F0} µs (median, one thread).</p>"));
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static void Section(StringBuilder page, string title, string content) =>
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encoded(title)}</h2>{content}");

    private static IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> Curves(EvaluationReport report, Func<Learning.EpochReport, double> value) =>
        [.. report.Curves.Select(curve => (curve.Tower, (IReadOnlyList<(double, double)>)[.. curve.Epochs.Select(epoch => ((double)epoch.Epoch, value(epoch)))]))];

    private static string Figures(IReadOnlyList<EvaluationRow> rows)
    {
        string[] names = ["scorer", .. rows[0].At.SelectMany(at => Metrics.Select(name => $"{name}@{at.K}"))];
        return Table(names, rows.Select(row => (string[])
        [
            row.Scorer,
            .. row.At.SelectMany(at => new[] { at.Ndcg, at.Recall, at.HitRate, at.Mrr, at.Coverage, at.Novelty, at.PopularityBias }).Select(Number),
        ]));
    }

    private static string BySegment(EvaluationReport report)
    {
        var segments = report.Rows[0].Segments.Where(segment => segment.Cases > 0).ToList();
        string[] names = ["scorer", .. segments.Select(segment => $"{segment.Name} ({segment.Cases})")];
        return Table(names, report.Rows.Select(row => (string[])
        [
            row.Scorer, .. segments.Select(segment => row.Segments.FirstOrDefault(own => own.Name == segment.Name) is { } own ? Number(own.At[0].Ndcg) : ""),
        ]));
    }

    private static string Table(string[] names, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder("<div><table><tr>");
        table.AppendJoin("", names.Select(name => $"<th>{Encoded(name)}</th>")).Append("</tr>");
        foreach (var row in rows)
        {
            table.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Encoded(cell)}</td>")).Append("</tr>");
        }

        return table.Append("</table></div>").ToString();
    }

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
