using System.CommandLine;

namespace ServerlessRec.Benchmarks.Train;

/// <summary>The train verb: how long the towers take to learn.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "A smaller case, under 45 seconds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command(
            "train", "The pooled tower to its best validation epoch over 800,000 pairs, an epoch of the sequence tower over 1,000,000 events, both in 64 dimensions.")
        {
            quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new TrainSettings { Json = parsed.GetValue(json) };
            return Task.FromResult(new TrainBench(parsed.GetValue(quick) ? settings with { PooledPairs = 60_000, SequenceEvents = 60_000, Epochs = 2 } : settings)
                .Run(cancellationToken));
        });
        return command;
    }
}
