using System.Globalization;
using ServerlessRec.Training.Learning;
using Spectre.Console;

namespace ServerlessRec.Training.Tuning;

/// <summary>The trials of a search as a table, the best first.</summary>
internal static class TrialTable
{
    public static Table Of(IReadOnlyList<Trial> trials, TrainingOptions given)
    {
        var table = new Table().Title("Trials, by validation").AddColumn("trial")
            .AddColumn(new TableColumn("NDCG@10").RightAligned()).AddColumn(new TableColumn("epoch").RightAligned())
            .AddColumn(new TableColumn("seconds").RightAligned()).AddColumn("options");
        foreach (var trial in trials.OrderByDescending(trial => trial.Metric).ThenBy(trial => trial.Number))
        {
            table.AddRow(
                Text($"{trial.Number}"), Text($"{trial.Metric:F4}"), Text($"{trial.Epoch}"), Text($"{trial.Seconds:F0}"), Markup.Escape(SearchSpace.Difference(given, trial.Options)));
        }

        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
