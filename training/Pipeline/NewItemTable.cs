using System.Globalization;
using Spectre.Console;

namespace ServerlessRec.Training.Pipeline;

/// <summary>How well content alone ranks items that nothing was learned of.</summary>
internal static class NewItemTable
{
    public static Table Of(NewItemReport report)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"{report.Items:N0} items held out of training, ranked among themselves by content; {report.Rows[0].Cases:N0} cases");
        var table = new Table().Title(title).AddColumn("scorer");
        foreach (var at in report.Rows[0].At)
        {
            table.AddColumn(new TableColumn(string.Create(CultureInfo.InvariantCulture, $"Recall@{at.K}")).RightAligned());
            table.AddColumn(new TableColumn(string.Create(CultureInfo.InvariantCulture, $"NDCG@{at.K}")).RightAligned());
        }

        foreach (var row in report.Rows)
        {
            table.AddRow([row.Scorer, .. row.At.SelectMany(at => new[] { at.Recall, at.Ndcg }).Select(value => value.ToString("F4", CultureInfo.InvariantCulture))]);
        }

        return table;
    }
}
