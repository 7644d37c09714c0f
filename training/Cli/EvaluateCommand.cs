using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Importers;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Report;
using ServerlessRec.Training.Retraining;
using Spectre.Console;

namespace ServerlessRec.Training.Cli;

/// <summary>`evaluate`: trains and measures, publishes nothing.</summary>
internal static class EvaluateCommand
{
    private const string Time = "time", LeaveOneOut = "loo", Given = "given";

    public static Command Create(IAnsiConsole ansi, TimeProvider clock)
    {
        var flags = new TrainingFlags();
        var protocol = new Option<string>("--protocol")
        {
            Description = "time: one moment cuts the whole data set. loo: the last interaction of each user is the test. given: the files of --train and --test.",
            DefaultValueFactory = result => result.GetResult("--test") is null ? Time : Given,
        }.AcceptOnlyFromAmong(Time, LeaveOneOut, Given);
        var train = new Option<string>("--train") { Description = "File to learn from: Personalize CSV, or lines `user item item …`.", HelpName = "FILE" };
        var valid = new Option<string>("--valid") { Description = "File that epochs are chosen on; without it a part of --train is held back.", HelpName = "FILE" };
        var test = new Option<string>("--test") { Description = "File of what is to be found.", HelpName = "FILE" };
        var ks = new Option<int[]>("--k")
        {
            Description = "List lengths to measure at, such as 10,20.",
            CustomParser = ParseNumbers,
            DefaultValueFactory = _ => [10, 20],
        };
        var store = new Option<string>("--store")
        {
            Description = "Folder of a store: its releases are measured as they are on the later feedback of --data; nothing is trained.",
            HelpName = "DIR",
        };
        var release = new Option<string[]>("--release")
        {
            Description = "With --store: release to measure, repeatable; without it the one that serves and the one before.",
            HelpName = "ID",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = new Option<string>("--json") { Description = "File that all figures go to.", HelpName = "FILE" };
        var html = new Option<string>("--html") { Description = "File for a page with tables and charts.", HelpName = "FILE" };
        var command = new Command("evaluate", "Trains the towers, or takes releases of a store, and compares them with baselines by full ranking; publishes nothing.")
        {
            train, valid, test, protocol, store, release, ks, json, html, flags.Checkpoint,
        };
        flags.AddTo(command, triesBoth: true);
        command.Validators.Add(result => CheckSources(result, protocol, flags.Data, train, test));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = flags.Read(parsed);
            var console = new TrainingConsole(ansi, clock);
            if (parsed.GetValue(store) is { } folder)
            {
                var later = await DatasetImporter.ImportAsync(parsed.GetRequiredValue(flags.Data), parsed.GetValue(flags.Format), cancellationToken)
                    .ConfigureAwait(false);
                await using var stores = await ExistingStore.OpenAsync(folder, clock, cancellationToken).ConfigureAwait(false);
                var rows = await new ReleaseComparison(stores, clock)
                    .RunAsync(parsed.GetValue(release) ?? [], later, parsed.GetValue(ks)!, cancellationToken).ConfigureAwait(false);
                return await FinishAsync(new EvaluationReport(later.Name, "releases as they are, on later feedback", rows, 0, 0)).ConfigureAwait(false);
            }

            var split = parsed.GetValue(protocol) == Given
                ? await GivenSplitImporter.ImportAsync(
                    new GivenFiles(parsed.GetRequiredValue(train), parsed.GetRequiredValue(test), parsed.GetValue(valid)), cancellationToken)
                    .ConfigureAwait(false)
                : Split(
                    parsed.GetValue(protocol)!,
                    await DatasetImporter.ImportAsync(parsed.GetRequiredValue(flags.Data), parsed.GetValue(flags.Format), cancellationToken)
                        .ConfigureAwait(false));
            console.Introduce(split.Dataset);
            var checkpoints = flags.OpenCheckpoints(parsed, clock);
            var evaluated = new ModelEvaluation(options, console, checkpoints).Run(split, parsed.GetValue(ks)!, Baselines.All, null, cancellationToken);
            checkpoints?.Clear();
            return await FinishAsync(evaluated.Report).ConfigureAwait(false);

            async Task<int> FinishAsync(EvaluationReport report)
            {
                console.Show(report);
                console.ShowSegments(report);
                console.ShowNewItems(report);
                console.ShowServed(report);
                if (parsed.GetValue(json) is { } file)
                {
                    await EvaluationJson.WriteAsync(file, report, options, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
                }

                if (parsed.GetValue(html) is { } page)
                {
                    await HtmlReport.WriteAsync(page, report, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
                }

                return ExitCode.Ok;
            }
        });
        return command;
    }

    private static EvaluationSplit Split(string protocol, Data.Dataset dataset) =>
        (protocol == LeaveOneOut ? EvaluationProtocol.LeaveOneOut : EvaluationProtocol.Time).Split(dataset);

    private static void CheckSources(CommandResult result, Option<string> protocol, Option<string> data, Option<string> train, Option<string> test)
    {
        var isGiven = result.GetResult(protocol) is { Implicit: false } named
            ? named.Tokens.Any(token => token.Value == Given)
            : result.GetResult(test) is not null;
        if (isGiven && (result.GetResult(train) is null || result.GetResult(test) is null))
        {
            result.AddError("A given split needs --train FILE and --test FILE.");
        }
        else if (!isGiven && result.GetResult(data) is null)
        {
            result.AddError("Say what to evaluate on: --data PATH, or --train FILE and --test FILE.");
        }
        else if (isGiven && result.GetResult(data) is not null)
        {
            result.AddError("--data and a given split exclude each other.");
        }
    }

    private static int[] ParseNumbers(ArgumentResult result)
    {
        var numbers = new List<int>();
        foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 1000)
            {
                result.AddError($"--k: '{text}' is not a list length from 1 to 1000.");
                return [];
            }

            numbers.Add(number);
        }

        return [.. numbers.Distinct().Order()];
    }
}
