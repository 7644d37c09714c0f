using System.Globalization;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Learning;
using Spectre.Console;

namespace ServerlessRec.Training.Pipeline;

/// <summary>What a person sees: steps, a progress bar and a table in a terminal, plain lines when the output is redirected.</summary>
internal sealed class TrainingConsole(IAnsiConsole console, TimeProvider clock)
{
    private const int RedirectedWidth = 160;

    private readonly IAnsiConsole _console = ForOutput(console);

    /// <summary>Writes a line.</summary>
    public void Say(FormattableString line) => _console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Says what is in a data set.</summary>
    public void Introduce(Dataset dataset) =>
        Say($"{dataset.Name}: {dataset.Users.Count:N0} users, {dataset.Items.Count:N0} items, {dataset.Interactions.Count:N0} interactions.");

    /// <summary>Runs a training and shows its epochs.</summary>
    public T WithEpochs<T>(Func<Action<EpochReport>, T> train)
    {
        var started = clock.GetTimestamp();
        if (!_console.Profile.Capabilities.Interactive || !_console.Profile.Out.IsTerminal)
        {
            return train(report => SayEpoch(report, started));
        }

        return _console.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                var task = context.AddTask("epoch 1", maxValue: 1);
                var validation = "";
                var trained = train(report =>
                {
                    validation = report.Validation is { } metric ? Validation(metric, report.IsBest) : validation;
                    task.Value = Done(report);
                    task.Description = Describe(report, started) + validation;
                });
                task.Value = 1;
                return trained;
            });
    }

    /// <summary>Shows the test figures.</summary>
    public void Show(EvaluationReport report)
    {
        var table = new Table().Title("Test: " + Markup.Escape(report.Protocol)).AddColumn("scorer");
        foreach (var at in report.Rows[0].At)
        {
            foreach (var metric in (string[])["NDCG", "Recall", "HR", "MRR", "Cover"])
            {
                table.AddColumn(new TableColumn(Text($"{metric}@{at.K}")).RightAligned());
            }
        }

        foreach (var row in report.Rows)
        {
            table.AddRow([row.Scorer, .. row.At.SelectMany(at => new[] { at.Ndcg, at.Recall, at.HitRate, at.Mrr, at.Coverage }).Select(value => Text($"{value:F4}"))]);
        }

        _console.Write(table);
        Say($"{report.Rows[0].Cases:N0} cases, full ranking, items of the history left out.");
    }

    /// <summary>Shows the test figures by segment of users and items.</summary>
    public void ShowSegments(EvaluationReport report) => _console.Write(SegmentTable.Of(report));

    /// <summary>Says what serving makes of the model, where that was measured.</summary>
    public void ShowServed(EvaluationReport report)
    {
        if (report.Served is { } served)
        {
            var recall = string.Join(", ", served.Recall.Select(at => Text($"{at.Recall:F3} at efSearch {at.EfSearch}")));
            Say($"Recall@10 of the index beside exact search: {recall}. One inference over {served.Entries} entries: {served.InferenceMicroseconds:F0} µs.");
        }
    }

    /// <summary>Shows the figures of items held out of training, where there are any.</summary>
    public void ShowNewItems(EvaluationReport report)
    {
        if (report.NewItems is { } newItems)
        {
            _console.Write(NewItemTable.Of(newItems));
        }
    }

    // A file has no width: a table in it should not wrap at a terminal's.
    private static IAnsiConsole ForOutput(IAnsiConsole console)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = Math.Max(console.Profile.Width, RedirectedWidth);
        }

        return console;
    }

    private static double Done(EpochReport report) => (report.Epoch - 1 + report.Done) / report.Epochs;

    private static string Validation(double metric, bool isBest) => Text($"  NDCG@10 {metric:F4}{(isBest ? " best" : "")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void SayEpoch(EpochReport report, long started)
    {
        if (report.Validation is { } metric)
        {
            Say($"{Describe(report, started)}{Validation(metric, report.IsBest)}");
        }
        else if (report.IsLast)
        {
            Say($"{Describe(report, started)}");
        }
    }

    private string Describe(EpochReport report, long started)
    {
        var elapsed = clock.GetElapsedTime(started);
        var left = elapsed * ((1 / Done(report)) - 1);
        return Text($"epoch {report.Epoch}/{report.Epochs}  loss {report.Loss:F4}  {report.PairsPerSecond,6:F0} pairs/s  at most {left:mm\\:ss} left");
    }
}
