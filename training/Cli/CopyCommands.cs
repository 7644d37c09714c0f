using System.CommandLine;
using ServerlessRec.Recommender.Backups;
using ServerlessRec.Training.Publishing;
using Spectre.Console;

namespace ServerlessRec.Training.Cli;

/// <summary>`backup --store A --to B` and `restore --from B --store A`: one store becomes what another is.</summary>
internal static class CopyCommands
{
    private const string Places = "a folder, https://ACCOUNT.blob.core.windows.net or a connection string";

    public static Command CreateBackup(IAnsiConsole console, TimeProvider clock)
    {
        var store = new Option<string>("--store") { Description = $"What is copied, while it serves: {Places}.", HelpName = "STORE", Required = true };
        var to = new Option<string>("--to") { Description = "Where to; what is there already is brought up to date.", HelpName = "STORE", Required = true };
        var command = new Command("backup", "Copies a store with its users into another one.") { store, to };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(store), parsed.GetRequiredValue(to), console, clock, cancellationToken));
        return command;
    }

    public static Command CreateRestore(IAnsiConsole console, TimeProvider clock)
    {
        var from = new Option<string>("--from") { Description = $"The backup: {Places}.", HelpName = "STORE", Required = true };
        var store = new Option<string>("--store") { Description = "What becomes as the backup is; no server may run over it.", HelpName = "STORE", Required = true };
        var command = new Command("restore", "Makes a store what its backup is; what came later is removed.") { from, store };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(from), parsed.GetRequiredValue(store), console, clock, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string from, string to, IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (string.Equals(from, to, StringComparison.Ordinal))
        {
            throw new FormatException("A store cannot be copied into itself.");
        }

        await using var source = await ExistingStore.OpenAsync(from, clock, cancellationToken).ConfigureAwait(false);
        await using var target = await TrainingStore.OpenAsync(to, clock, cancellationToken).ConfigureAwait(false);
        var mirror = new StoreMirror(source.Blobs, source.Users, target.Blobs, target.Users);
        var copied = await mirror.RunAsync(cancellationToken).ConfigureAwait(false);
        console.WriteLine(FormattableString.Invariant(
            $"{copied.Blobs:N0} blobs ({copied.Bytes / 1e6:N1} MB) and {copied.Users:N0} users were copied, {copied.RemovedBlobs:N0} blobs removed."));
        return ExitCode.Ok;
    }
}
