using System.CommandLine;
using ServerlessRec.Training.Importers;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Learning.Checkpoints;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Cli;

/// <summary>Options that `train`, `evaluate` and `tune` share.</summary>
internal sealed class TrainingFlags
{
    private const string Auto = "auto", Pooled = "pooled";

    private static readonly TrainingOptions Defaults = new();

    public Option<string> Data { get; } = new("--data")
    {
        Description = "Folder or file with the feedback: MovieLens, MovieTweetings, AWS Personalize CSV, Gorse JSON lines, online-retail.",
        HelpName = "PATH",
    };

    public Option<DatasetFormat?> Format { get; } = new("--format") { Description = "Form of the data; without it, seen from the names of the files." };

    public Option<string> Config { get; } = new("--config")
    {
        Description = "train.json: options of the training (docs/formats/train-json.md). What is said here on the command line counts more.",
        HelpName = "FILE",
    };

    public Option<int> Seed { get; } = new("--seed")
    {
        Description = "Seed of all random choices; the same seed with --threads 1 gives the same figures.",
        DefaultValueFactory = _ => Defaults.Seed,
    };

    public Option<int> Epochs { get; } = new("--epochs")
    {
        Description = "Epochs at most; training stops earlier when validation no longer improves.",
        DefaultValueFactory = _ => Defaults.Epochs,
    };

    public Option<int> Threads { get; } = new("--threads") { Description = "Threads; 0: all cores.", DefaultValueFactory = _ => Defaults.Threads };

    public Option<string> UserTower { get; } = new Option<string>("--user-tower")
    {
        Description = "pooled: weighted means of the history, quick. sequence: a transformer over it. auto: both are tried, and validation chooses.",
    }.AcceptOnlyFromAmong(Auto, Pooled, "sequence");

    public Option<int> Dimensions { get; } = new("--dimensions")
    {
        Description = "Length of item and user vectors.",
        DefaultValueFactory = _ => Defaults.Shape.Dimensions,
    };

    /// <summary>For the verbs that go on after a kill by <see cref="OpenCheckpoints"/>; each adds it itself.</summary>
    public Option<string> Checkpoint { get; } = new("--checkpoint")
    {
        Description = "Folder that keeps what was learned after each epoch, so that the same command goes on where a killed run stood; without it, one in this user's application data.",
        HelpName = "DIR",
    };

    /// <param name="command">The verb.</param>
    /// <param name="triesBoth">True: without --user-tower both towers are tried, which takes about three times as long.</param>
    public void AddTo(Command command, bool triesBoth)
    {
        UserTower.DefaultValueFactory = _ => triesBoth ? Auto : Pooled;
        command.Add(Data);
        command.Add(Format);
        command.Add(Config);
        command.Add(Seed);
        command.Add(Epochs);
        command.Add(Threads);
        command.Add(Dimensions);
        command.Add(UserTower);
    }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    /// <exception cref="InvalidDataException">The file of --config is not one.</exception>
    public TrainingOptions Read(ParseResult parsed)
    {
        var file = parsed.GetValue(Config) is { } path ? TrainingFile.Read(path) : Defaults;
        var options = file with
        {
            Seed = Said(parsed, Seed, file.Seed),
            Epochs = Said(parsed, Epochs, file.Epochs),
            Threads = Said(parsed, Threads, file.Threads),
            UserTower = file.UserTower is { } chosen && parsed.GetResult(UserTower) is not { Implicit: false } ? chosen
                : parsed.GetValue(UserTower) is { } name && name != Auto ? Enum.Parse<UserTowerKind>(name, ignoreCase: true)
                : null,
            Shape = file.Shape with { Dimensions = Said(parsed, Dimensions, file.Shape.Dimensions) },
        };
        options.Validate();
        return options;
    }

    /// <summary>Where trainings are kept; null where this user has no place for it.</summary>
    public TrainingCheckpoints? OpenCheckpoints(ParseResult parsed, TimeProvider clock)
    {
        if (parsed.GetValue(Checkpoint) is { } asked)
        {
            return new TrainingCheckpoints(asked, clock);
        }

        try
        {
            return TrainingCheckpoints.UsualFolder is { } usual ? new TrainingCheckpoints(usual, clock) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null; // nobody asked for one: a home that cannot be written must not cost the training
        }
    }

    private static int Said(ParseResult parsed, Option<int> option, int otherwise) =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : otherwise;
}
