using System.CommandLine;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>The stream verb: feedback to user vectors.</summary>
internal static class StreamCommand
{
    private const int AzuriteEvents = 40_000;

    public static Command Create()
    {
        var defaults = new StreamSettings();
        var store = new Option<string?>("--store") { Description = "Take the release of this store; without it one is trained on demo data.", HelpName = "DIR" };
        var azurite = new Option<bool>("--azurite") { Description = "Through Microsoft's Event Hubs clients and this repository's endpoint into rows and archive on Azurite." };
        var events = new Option<int?>("--events") { Description = $"Events of each part; {defaults.Events}, with --azurite {AzuriteEvents}." };
        var users = new Option<int>("--users") { Description = "Users the events belong to.", DefaultValueFactory = _ => defaults.Users };
        var history = new Option<int>("--history") { Description = "History entries each user has before.", DefaultValueFactory = _ => defaults.History };
        var batch = new Option<int>("--batch") { Description = "Events a batch.", DefaultValueFactory = _ => defaults.Batch };
        var quick = new Option<bool>("--quick") { Description = "A smaller case, under 45 seconds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command("stream", "Feedback to user vectors: the processor alone, and log, tower, SQLite and archive together.")
        {
            store, azurite, events, users, history, batch, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new StreamSettings
            {
                Store = parsed.GetValue(store),
                Azurite = parsed.GetValue(azurite),
                Events = parsed.GetValue(events) ?? (parsed.GetValue(azurite) ? AzuriteEvents : defaults.Events),
                Users = parsed.GetValue(users),
                History = parsed.GetValue(history),
                Batch = parsed.GetValue(batch),
                Json = parsed.GetValue(json),
            };
            if (parsed.GetValue(quick))
            {
                settings = settings with { Events = Math.Min(settings.Events, settings.Azurite ? 10_000 : 60_000), Users = Math.Min(settings.Users, 5_000) };
            }

            return new StreamBench(settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
