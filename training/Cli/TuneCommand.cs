using System.CommandLine;
using ServerlessRec.Training.Importers;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Tuning;
using Spectre.Console;

namespace ServerlessRec.Training.Cli;

/// <summary>`tune`: searches for better options on validation, and leaves a train.json.</summary>
internal static class TuneCommand
{
    private const string Time = "time", LeaveOneOut = "loo";

    public static Command Create(IAnsiConsole ansi, TimeProvider clock)
    {
        var flags = new TrainingFlags();
        var minutes = new Option<double>("--minutes") { Description = "How long to search; the first trial is always finished.", DefaultValueFactory = _ => 30 };
        var output = new Option<string>("--out")
        {
            Description = "Folder of the search: trials.jsonl and train.json. A search that is there already goes on.",
            HelpName = "DIR",
            Required = true,
        };
        var protocol = new Option<string>("--protocol")
        {
            Description = "time: one moment cuts the whole data set. loo: the last interactions of each user are asked for. The test part is never looked at.",
            DefaultValueFactory = _ => Time,
        }.AcceptOnlyFromAmong(Time, LeaveOneOut);
        var command = new Command("tune", "Searches for better training options in a given time, on validation only; `train --config DIR/train.json` takes them.")
        {
            output, minutes, protocol,
        };
        flags.AddTo(command, triesBoth: false);
        flags.Data.Required = true;
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 10_000))
            {
                result.AddError("--minutes must be above 0 and at most 10000.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = flags.Read(parsed);
            var console = new TrainingConsole(ansi, clock);
            var dataset = await DatasetImporter.ImportAsync(parsed.GetRequiredValue(flags.Data), parsed.GetValue(flags.Format), cancellationToken)
                .ConfigureAwait(false);
            console.Introduce(dataset);
            var split = (parsed.GetValue(protocol) == LeaveOneOut ? EvaluationProtocol.LeaveOneOut : EvaluationProtocol.Time).Split(dataset);
            var folder = parsed.GetRequiredValue(output);
            var log = new TrialLog(folder, FormattableString.Invariant($"{dataset.Name}, {dataset.Interactions.Count} interactions, {parsed.GetValue(protocol)}"), options);
            var trials = new Search(options, log, console, clock).Run(split, TimeSpan.FromMinutes(parsed.GetValue(minutes)), cancellationToken);
            ansi.Write(TrialTable.Of(trials, options));
            console.Say($"The best options so far are in {Path.Combine(folder, "train.json")}.");
            return ExitCode.Ok;
        });
        return command;
    }
}
