using System.CommandLine;
using ServerlessRec.Recommender.Privacy;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Publishing;
using Spectre.Console;

namespace ServerlessRec.Training.Cli;

/// <summary>`users export ID | delete ID | purge`: what is stored of a person, and that it goes.</summary>
internal static class UsersCommand
{
    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var store = new Option<string>("--store")
        {
            Description = "Store of the users: a folder, https://ACCOUNT.blob.core.windows.net or a connection string.",
            HelpName = "STORE",
            Required = true,
            Recursive = true,
        };
        return new Command("users", "Exports and deletes what is stored of users, the feedback archive included.")
        {
            store, Export(store, console, clock), Delete(store, console, clock), Purge(store, console, clock),
        };
    }

    private static Command Export(Option<string> store, IAnsiConsole console, TimeProvider clock)
    {
        var id = new Argument<string>("ID") { Description = "Id of the user." };
        var file = new Option<string>("--out") { Description = "Where the JSON goes.", HelpName = "FILE", Required = true };
        var command = new Command("export", "Writes everything that is stored of a user: profile, history, vector, archived feedback.") { id, file };
        command.SetAction((parsed, cancellationToken) => WithStore(parsed.GetRequiredValue(store), clock, async stores =>
        {
            var (userId, path) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(file));
            using var json = new MemoryStream();
            if (!await new UserExport(stores.Users, stores.Blobs).WriteAsync(userId, json, cancellationToken).ConfigureAwait(false))
            {
                throw new InvalidDataException($"Nothing is stored of a user '{userId}'.");
            }

            await File.WriteAllBytesAsync(path, json.ToArray(), cancellationToken).ConfigureAwait(false);
            console.WriteLine($"Written to {path}.");
        }, cancellationToken));
        return command;
    }

    private static Command Delete(Option<string> store, IAnsiConsole console, TimeProvider clock)
    {
        var id = new Argument<string>("ID") { Description = "Id of the user." };
        var command = new Command("delete", "Forgets a user and takes the user's feedback out of the archive.") { id };
        command.SetAction((parsed, cancellationToken) => WithStore(parsed.GetRequiredValue(store), clock, async stores =>
        {
            var wasThere = await UserDeletion.RunAsync(stores.Users, parsed.GetRequiredValue(id), clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            console.WriteLine(wasThere ? "The user is forgotten." : "There was no such user; what the archive has is erased all the same.");
            await EraseAsync(stores, console, clock, cancellationToken).ConfigureAwait(false);
        }, cancellationToken));
        return command;
    }

    private static Command Purge(Option<string> store, IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("purge", "Takes the feedback of all users who were deleted, by the API too, out of the archive.");
        command.SetAction((parsed, cancellationToken) => WithStore(
            parsed.GetRequiredValue(store), clock, stores => EraseAsync(stores, console, clock, cancellationToken), cancellationToken));
        return command;
    }

    private static async Task EraseAsync(TrainingStore stores, IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        var erased = await new ArchiveErasure(stores.Blobs, stores.Users, clock).RunAsync(cancellationToken).ConfigureAwait(false);
        console.WriteLine(FormattableString.Invariant(
            $"{erased.Events:N0} archived events of deleted users are gone; {erased.LeftBlobs:N0} blobs of the last hours are left for the next purge."));
    }

    private static async Task<int> WithStore(string store, TimeProvider clock, Func<TrainingStore, Task> act, CancellationToken cancellationToken)
    {
        await using var stores = await ExistingStore.OpenAsync(store, clock, cancellationToken).ConfigureAwait(false);
        await act(stores).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
