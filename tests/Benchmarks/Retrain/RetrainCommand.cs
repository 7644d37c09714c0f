using System.CommandLine;

namespace ServerlessRec.Benchmarks.Retrain;

/// <summary>The retrain verb: what a day of live feedback is worth on the next day.</summary>
internal static class RetrainCommand
{
    public static Command Create()
    {
        var defaults = new RetrainSettings();
        var days = new Option<int>("--days") { Description = "Days that the first release learns from.", DefaultValueFactory = _ => defaults.Days };
        var worlds = new Option<int>("--worlds") { Description = "Worlds to measure, each with its own seed.", DefaultValueFactory = _ => defaults.Worlds };
        var quick = new Option<bool>("--quick") { Description = "A smaller case, under 45 seconds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command(
            "retrain", "Demo data with drift: train, live through a day (processor, archive), train from the archive, and ask both releases about the day after.")
        {
            days, worlds, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new RetrainSettings { Days = parsed.GetValue(days), Worlds = parsed.GetValue(worlds), Json = parsed.GetValue(json) };
            return new RetrainBench(parsed.GetValue(quick) ? settings with { Users = 400, Items = 500, Days = 9, Worlds = 1, Epochs = 4 } : settings)
                .RunAsync(cancellationToken);
        });
        return command;
    }
}
