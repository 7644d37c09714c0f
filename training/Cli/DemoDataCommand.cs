using System.CommandLine;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.DemoData;
using ServerlessRec.Training.Pipeline;
using Spectre.Console;

namespace ServerlessRec.Training.Cli;

/// <summary>`demo-data`: writes a simulated news and video site as JSON lines.</summary>
internal static class DemoDataCommand
{
    private static readonly DemoDataOptions Defaults = new();

    public static Command Create(IAnsiConsole ansi, TimeProvider clock)
    {
        var folder = new Option<string>("--out") { Description = "Folder that items.jsonl, users.jsonl and feedback.jsonl go to.", HelpName = "DIR", Required = true };
        var users = new Option<int>("--users") { Description = "People who read.", DefaultValueFactory = _ => Defaults.Users };
        var items = new Option<int>("--items") { Description = "Items published before the first day.", DefaultValueFactory = _ => Defaults.InitialItems };
        var days = new Option<int>("--days") { Description = "Days to simulate.", DefaultValueFactory = _ => Defaults.Days };
        var skip = new Option<int>("--skip-days") { Description = "First days whose feedback is left out.", DefaultValueFactory = _ => Defaults.SkipDays };
        var seed = new Option<int>("--seed") { Description = "Another seed, another world.", DefaultValueFactory = _ => Defaults.Seed };
        var command = new Command("demo-data", "Simulates a news and video site: items, users whose interests drift, feedback of several types.")
        {
            folder, users, items, days, skip, seed,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = Defaults with
            {
                Users = parsed.GetValue(users),
                InitialItems = parsed.GetValue(items),
                Days = parsed.GetValue(days),
                SkipDays = parsed.GetValue(skip),
                Seed = parsed.GetValue(seed),
            };
            var dataset = DemoDataset.Generate(options, cancellationToken);
            var path = parsed.GetRequiredValue(folder);
            await GorseFolder.WriteAsync(dataset, path, cancellationToken).ConfigureAwait(false);
            new TrainingConsole(ansi, clock).Say(
                $"{path}: {dataset.Users.Count:N0} users, {dataset.Items.Count:N0} items, {dataset.Interactions.Count:N0} interactions.");
            return ExitCode.Ok;
        });
        return command;
    }
}
