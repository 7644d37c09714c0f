using System.CommandLine;

namespace ServerlessRec.Benchmarks.Soak;

/// <summary>The soak verb: a day of life in fast motion.</summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var defaults = new SoakSettings();
        var store = new Option<string?>("--store") { Description = "Take the release of this store; without it one is trained on demo data.", HelpName = "DIR" };
        var events = new Option<int>("--events") { Description = "Events of the day.", DefaultValueFactory = _ => defaults.Events };
        var rebuilds = new Option<int>("--rebuilds") { Description = "Rebuilds of the day.", DefaultValueFactory = _ => defaults.Rebuilds };
        var changes = new Option<int>("--changes") { Description = "Item changes of the day.", DefaultValueFactory = _ => defaults.Changes };
        var quick = new Option<bool>("--quick") { Description = "A smaller case, under 45 seconds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command("soak", "A day of life in fast motion: does what it takes of memory and disk level off?")
        {
            store, events, rebuilds, changes, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new SoakSettings
            {
                Store = parsed.GetValue(store),
                Events = parsed.GetValue(events),
                Rebuilds = parsed.GetValue(rebuilds),
                Changes = parsed.GetValue(changes),
                Json = parsed.GetValue(json),
            };
            var quicker = settings with { Events = 100_000, Rebuilds = 10, Changes = 500, Requests = 10_000, Users = 500 };
            return new SoakBench(parsed.GetValue(quick) ? quicker : settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
