using System.CommandLine;

namespace ServerlessRec.Benchmarks.Http;

/// <summary>The http verb: what a warm list costs through the Functions worker.</summary>
internal static class HttpCommand
{
    public static Command Create()
    {
        var defaults = new HttpSettings();
        var rounds = new Option<int>("--rounds") { Description = "Rounds.", DefaultValueFactory = _ => defaults.Rounds };
        var published = new Option<string?>("--published") { Description = "Published programs of an earlier run.", HelpName = "DIR" };
        var quick = new Option<bool>("--quick") { Description = "A smaller release, five rounds." };
        var json = new Option<string?>("--json") { Description = "Write the report here.", HelpName = "FILE" };
        var command = new Command("http", "Warm lists through the Functions worker on kept connections, against a function that only says it lives.")
        {
            rounds, published, quick, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new HttpSettings { Rounds = parsed.GetValue(rounds), Published = parsed.GetValue(published), Json = parsed.GetValue(json) };
            return new HttpBench(parsed.GetValue(quick) ? settings with { Items = 5_000, Rounds = 5 } : settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
