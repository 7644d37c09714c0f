using System.CommandLine;

namespace ServerlessRec.Benchmarks.Lag;

/// <summary>The lag verb: from a click to the changed list.</summary>
internal static class LagCommand
{
    private const int AzuriteRate = 500;

    public static Command Create()
    {
        var defaults = new LagSettings();
        var store = new Option<string?>("--store") { Description = "Take the release of this store; without it one is trained on demo data.", HelpName = "DIR" };
        var azurite = new Option<bool>("--azurite") { Description = "Through Microsoft's Event Hubs clients and this repository's endpoint into rows on Azurite." };
        var rate = new Option<int?>("--rate") { Description = $"Clicks a second; {defaults.Rate}, with --azurite {AzuriteRate}." };
        var seconds = new Option<int>("--seconds") { Description = "How long it is measured.", DefaultValueFactory = _ => defaults.Seconds };
        var quick = new Option<bool>("--quick") { Description = "A smaller case, under 45 seconds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command("lag", "From a click to a list without the clicked item: durable log, tower, SQLite, search; in one process, then over HTTP to a standalone server.")
        {
            store, azurite, rate, seconds, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new LagSettings
            {
                Store = parsed.GetValue(store),
                Azurite = parsed.GetValue(azurite),
                Rate = parsed.GetValue(rate) ?? (parsed.GetValue(azurite) ? AzuriteRate : defaults.Rate),
                Seconds = parsed.GetValue(seconds),
                Json = parsed.GetValue(json),
            };
            return new LagBench(parsed.GetValue(quick) ? settings with { Seconds = Math.Min(settings.Seconds, 8) } : settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
