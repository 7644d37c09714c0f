using System.CommandLine;
using ServerlessRec.Training.Importers;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Publishing;
using ServerlessRec.Training.Retraining;
using Spectre.Console;

namespace ServerlessRec.Training.Cli;

/// <summary>`train`: data → towers → evaluation → release. Without `--data`: the feedback archive and the items of the store.</summary>
internal static class TrainCommand
{
    public static Command Create(IAnsiConsole ansi, TimeProvider clock)
    {
        var flags = new TrainingFlags();
        var store = new Option<string>("--store")
        {
            Description = "Where the release and the users' histories go: a folder, https://ACCOUNT.blob.core.windows.net or a connection string. Without --data it is also what is learned from: its feedback archive and items.",
            HelpName = "STORE",
            Required = true,
        };
        var force = new Option<bool>("--force") { Description = "Publish even when the model is behind popularity or the current release." };
        var command = new Command("train", "Trains the towers, prints how they compare with baselines, and publishes a release.") { store, force, flags.Checkpoint };
        flags.AddTo(command, triesBoth: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = flags.Read(parsed);
            var console = new TrainingConsole(ansi, clock);
            var started = clock.GetTimestamp();
            var path = parsed.GetValue(flags.Data);
            var imported = path is null
                ? null
                : new TrainingSource(
                    await DatasetImporter.ImportAsync(path, parsed.GetValue(flags.Format), cancellationToken).ConfigureAwait(false), 0, IsImport: true);
            var folder = parsed.GetRequiredValue(store);
            await using var stores = await (imported is null
                ? ExistingStore.OpenAsync(folder, clock, cancellationToken)
                : TrainingStore.OpenAsync(folder, clock, cancellationToken)).ConfigureAwait(false);
            var source = imported ?? await new ArchivedDataset(stores.Blobs, stores.Users).ReadAsync(cancellationToken).ConfigureAwait(false);
            console.Introduce(source.Dataset);
            var checkpoints = flags.OpenCheckpoints(parsed, clock);
            var evaluation = new ModelEvaluation(options, console, checkpoints);
            var current = new CurrentRelease(stores.Blobs, clock, console);
            var split = EvaluationProtocol.Time.Split(source.Dataset, await current.KnownUntilAsync(cancellationToken).ConfigureAwait(false));
            var scorer = await current.ForAsync(split, cancellationToken).ConfigureAwait(false);
            var evaluated = evaluation.Run(split, [10, 20], Baselines.Quick, scorer, cancellationToken);
            var report = evaluated.Report;
            console.Show(report);
            var gate = ReleaseGate.Judge(report);
            Pass(gate, parsed.GetValue(force), console);

            console.Say($"Training on all interactions for the release, {report.BestEpoch} epochs.");
            var fitted = evaluation.FitAll(source.Dataset, evaluated, cancellationToken).Towers;
            var manifest = await new ReleasePublisher(stores, clock, console)
                .PublishAsync(fitted, source, report, gate, options, cancellationToken).ConfigureAwait(false);
            checkpoints?.Clear();
            console.Say($"Release {manifest.Id} serves {manifest.ItemCount:N0} items. Everything took {clock.GetElapsedTime(started):mm\\:ss}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Pass(ReleaseGate gate, bool isForced, TrainingConsole console)
    {
        foreach (var refusal in gate.Refusals)
        {
            if (!isForced)
            {
                throw new GateException($"Not published: {refusal}. Use --force to publish all the same.");
            }

            console.Say($"Published by --force in spite of: {refusal}.");
        }
    }
}
