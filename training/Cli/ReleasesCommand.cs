using System.CommandLine;
using System.Globalization;
using ServerlessRec.Recommender.Releases;
using Spectre.Console;

namespace ServerlessRec.Training.Cli;

/// <summary>`releases list | promote ID | rollback`.</summary>
internal static class ReleasesCommand
{
    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var store = new Option<string>("--store") { Description = "Folder of the releases.", HelpName = "DIR", Required = true, Recursive = true };
        var command = new Command("releases", "Lists releases and chooses the one that serves.") { store };

        var list = new Command("list", "Lists all releases, newest first; the one that serves is marked.");
        list.SetAction((parsed, cancellationToken) => WithStore(parsed.GetRequiredValue(store), clock, releases => ListAsync(releases, console, cancellationToken), cancellationToken));
        command.Add(list);

        var id = new Argument<string>("ID") { Description = "Id of the release." };
        var promote = new Command("promote", "Makes a release the one that serves; running hosts swap to it.") { id };
        promote.SetAction((parsed, cancellationToken) => WithStore(parsed.GetRequiredValue(store), clock, async releases =>
        {
            var manifest = await releases.PromoteAsync(parsed.GetRequiredValue(id), cancellationToken).ConfigureAwait(false);
            console.WriteLine($"Release {manifest.Id} serves.");
        }, cancellationToken));
        command.Add(promote);

        var rollback = new Command("rollback", "Goes back to the release that served before.");
        rollback.SetAction((parsed, cancellationToken) => WithStore(parsed.GetRequiredValue(store), clock, async releases =>
        {
            var manifest = await releases.RollbackAsync(cancellationToken).ConfigureAwait(false);
            console.WriteLine($"Release {manifest.Id} serves again.");
        }, cancellationToken));
        command.Add(rollback);
        return command;
    }

    private static async Task<int> WithStore(string store, TimeProvider clock, Func<ReleaseStore, Task> act, CancellationToken cancellationToken)
    {
        await using var stores = await ExistingStore.OpenAsync(store, clock, cancellationToken).ConfigureAwait(false);
        await act(new ReleaseStore(stores.Blobs, clock)).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static async Task ListAsync(ReleaseStore releases, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var table = new Table().AddColumns("", "release", "origin", "items", "NDCG@10", "state");
        foreach (var release in await releases.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            var ndcg = release.Manifest?.Metrics.TryGetValue("model.ndcg@10", out var value) == true ? value.ToString("F4", CultureInfo.InvariantCulture) : "";
            table.AddRow(
                release.IsCurrent ? "*" : "",
                release.Id,
                release.Manifest?.Origin ?? "",
                release.Manifest?.ItemCount.ToString(CultureInfo.InvariantCulture) ?? "",
                ndcg,
                Markup.Escape(release.Problem ?? (release.IsCurrent ? "serves" : "")));
        }

        console.Write(table);
    }
}
