using System.Globalization;
using Spectre.Console;

namespace ServerlessRec.Training.Pipeline;

/// <summary>Who gains and who loses: one figure for each scorer and segment.</summary>
internal static class SegmentTable
{
    public static Table Of(EvaluationReport report)
    {
        var k = report.Rows[0].At[0].K;
        var table = new Table().Title(string.Create(CultureInfo.InvariantCulture, $"NDCG@{k} by segment")).AddColumn("segment").AddColumn("cases");
        foreach (var row in report.Rows)
        {
            table.AddColumn(new TableColumn(Markup.Escape(row.Scorer)).RightAligned());
        }

        for (var segment = 0; segment < report.Rows[0].Segments.Count; segment++)
        {
            var cases = report.Rows[0].Segments[segment].Cases;
            if (cases > 0)
            {
                table.AddRow(
                [
                    report.Rows[0].Segments[segment].Name,
                    cases.ToString("N0", CultureInfo.InvariantCulture),
                    .. report.Rows.Select(row => row.Segments[segment].At[0].Ndcg.ToString("F4", CultureInfo.InvariantCulture)),
                ]);
            }
        }

        return table;
    }
}
