using System.CommandLine;

namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>The coldstart verb: from the start of a process to its first personalised answer.</summary>
internal static class ColdStartCommand
{
    public static Command Create()
    {
        var defaults = new ColdStartSettings();
        var items = new Option<int>("--items") { Description = "Items of the release.", DefaultValueFactory = _ => defaults.Items };
        var rounds = new Option<int>("--rounds") { Description = "Starts of each program.", DefaultValueFactory = _ => defaults.Rounds };
        var published = new Option<string?>("--published") { Description = "Published programs of an earlier run.", HelpName = "DIR" };
        var azurite = new Option<bool>("--azurite") { Description = "Start each program also with the release and the user in Azurite." };
        var quick = new Option<bool>("--quick") { Description = "A smaller release, five rounds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command("coldstart", "From process start to the first personalised 200: Standalone by NativeAOT and ReadyToRun, the Functions worker by ReadyToRun.")
        {
            items, rounds, published, azurite, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new ColdStartSettings
            {
                Items = parsed.GetValue(items),
                Rounds = parsed.GetValue(rounds),
                Azurite = parsed.GetValue(azurite),
                Published = parsed.GetValue(published),
                Json = parsed.GetValue(json),
            };
            return new ColdStartBench(parsed.GetValue(quick) ? settings with { Items = 5_000, Rounds = 5 } : settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
