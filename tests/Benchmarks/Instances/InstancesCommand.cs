using System.CommandLine;

namespace ServerlessRec.Benchmarks.Instances;

/// <summary>The instances verb: when a second server shows what happened at the first.</summary>
internal static class InstancesCommand
{
    public static Command Create()
    {
        var defaults = new InstancesSettings();
        var store = new Option<string?>("--store") { Description = "Take the release of this store; without it one is trained on demo data.", HelpName = "DIR" };
        var items = new Option<int>("--items") { Description = "Items that are posted and hidden.", DefaultValueFactory = _ => defaults.Items };
        var releases = new Option<int>("--releases") { Description = "Releases that are published and rolled back.", DefaultValueFactory = _ => defaults.Releases };
        var quick = new Option<bool>("--quick") { Description = "Eight items, three releases." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command("instances", "Two standalone servers over one Azurite: item changes, new releases and rollbacks, until the second one shows them.")
        {
            store, items, releases, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new InstancesSettings
            {
                Store = parsed.GetValue(store),
                Items = parsed.GetValue(items),
                Releases = parsed.GetValue(releases),
                Json = parsed.GetValue(json),
            };
            return new InstancesBench(parsed.GetValue(quick) ? settings with { Items = 8, Releases = 3 } : settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
