using System.CommandLine;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Importers;
using ServerlessRec.Training.Publishing;
using Spectre.Console;

namespace ServerlessRec.Training.Cli;

/// <summary>The verbs, and what their endings are to the caller: 0 done, 1 failed, 2 wrong usage, 130 cancelled.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args, IAnsiConsole console, TextWriter output, TextWriter error, TimeProvider clock)
    {
        var root = new RootCommand("ServerlessRec training: from feedback data to a release that serves.")
        {
            TrainCommand.Create(console, clock),
            EvaluateCommand.Create(console, clock),
            TuneCommand.Create(console, clock),
            DemoDataCommand.Create(console, clock),
            ReleasesCommand.Create(console, clock),
            UsersCommand.Create(console, clock),
            CopyCommands.CreateBackup(console, clock),
            CopyCommands.CreateRestore(console, clock),
        };
        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToStop,
            Output = output,
            Error = error,
        };
        try
        {
            var code = await parsed.InvokeAsync(configuration).ConfigureAwait(false);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Cancelled.").ConfigureAwait(false);
            return ExitCode.Cancelled;
        }
        catch (Exception problem) when (IsForThePerson(problem))
        {
            await error.WriteLineAsync("error: " + problem.Message).ConfigureAwait(false);
            return problem is ArgumentOutOfRangeException ? ExitCode.Usage : ExitCode.Failed;
        }
    }

    // Anything else is a fault of ours: it ends the process with its stack trace.
    private static bool IsForThePerson(Exception problem) => problem
        is ImportException or InvalidDataException or FormatException or ParityException or GateException or IOException or UnauthorizedAccessException or ArgumentOutOfRangeException
        or BlobStoreException or UserStoreException or ReleaseNotFoundException or ReleaseDamagedException or ReleaseConflictException;
}
