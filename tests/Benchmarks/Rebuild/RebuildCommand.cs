using System.CommandLine;

namespace ServerlessRec.Benchmarks.Rebuild;

/// <summary>The rebuild verb: item changes, a rebuild, a swap and a rollback while requests run.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var defaults = new RebuildSettings();
        var store = new Option<string?>("--store") { Description = "Take the towers of this store; without it they are trained on demo data.", HelpName = "DIR" };
        var items = new Option<int>("--items") { Description = "Items of the release.", DefaultValueFactory = _ => defaults.Items };
        var rate = new Option<int>("--rate") { Description = "Requests a second.", DefaultValueFactory = _ => defaults.Rate };
        var quick = new Option<bool>("--quick") { Description = "A smaller case, under 45 seconds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command("rebuild", "Item changes, a rebuild, the swap and a rollback while requests run; in one process, then over HTTP on a standalone server.")
        {
            store, items, rate, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new RebuildSettings
            {
                Store = parsed.GetValue(store),
                Items = parsed.GetValue(items),
                Rate = parsed.GetValue(rate),
                Json = parsed.GetValue(json),
            };
            var quicker = settings with { Items = Math.Min(settings.Items, 5_000), Changes = 200, SecondsBefore = 3 };
            return new RebuildBench(parsed.GetValue(quick) ? quicker : settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
