using System.CommandLine;

namespace ServerlessRec.Benchmarks.Load;

/// <summary>The load verb: a release from a storage account into memory.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var defaults = new LoadSettings();
        var items = new Option<int>("--items") { Description = "Items of the release.", DefaultValueFactory = _ => defaults.Items };
        var rounds = new Option<int>("--rounds") { Description = "Loads and downloads, in turn.", DefaultValueFactory = _ => defaults.Rounds };
        var quick = new Option<bool>("--quick") { Description = "A smaller release, seven rounds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command("load", "Cold load of a release from Azurite until its first search, against plain parallel downloads of the same bytes.")
        {
            items, rounds, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new LoadSettings { Items = parsed.GetValue(items), Rounds = parsed.GetValue(rounds), Json = parsed.GetValue(json) };
            return new LoadBench(parsed.GetValue(quick) ? settings with { Items = 20_000, Rounds = 7 } : settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
