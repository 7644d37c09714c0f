using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessRec.Training.Cli;
using ServerlessRec.Training.Ranking;
using Spectre.Console;

namespace ServerlessRec.Training.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help", 0)]
    [InlineData("train --help", 0)]
    [InlineData("nonsense", 2)]
    [InlineData("train", 2)]
    [InlineData("train --data x", 2)]
    [InlineData("train --store does-not-exist", 1)]
    [InlineData("train --data x --store y --epochs many", 2)]
    [InlineData("train --data x --store y --epochs 0", 2)]
    [InlineData("train --data x --store y --dimensions 7", 2)]
    [InlineData("evaluate --data x --protocol guess", 2)]
    [InlineData("evaluate", 2)]
    [InlineData("evaluate --protocol given --train x", 2)]
    [InlineData("evaluate --data x --test y", 2)]
    [InlineData("evaluate --data x --k 10,0", 2)]
    [InlineData("evaluate --train does-not-exist.csv --test y.csv", 1)]
    [InlineData("train --data does-not-exist --store y", 1)]
    [InlineData("releases list --store does-not-exist", 1)]
    [InlineData("releases", 2)]
    [InlineData("backup --store does-not-exist --to y", 1)]
    [InlineData("backup --store x", 2)]
    [InlineData("backup --store . --to .", 1)]
    [InlineData("restore --from does-not-exist --store y", 1)]
    [InlineData("users export someone --store does-not-exist --out y", 1)]
    [InlineData("users delete", 2)]
    [InlineData("train --data x --store y --config does-not-exist.json", 1)]
    [InlineData("tune --data x", 2)]
    [InlineData("tune --data does-not-exist --out y", 1)]
    [InlineData("tune --data x --out y --minutes 0", 2)]
    public async Task Exit_codes_tell_success_failure_and_wrong_usage_apart(string arguments, int expected)
    {
        var (code, output, error) = await RunAsync(arguments);
        Assert.Equal(expected, code);
        Assert.Equal(expected != 0, error.Length > 0);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_data_trains_into_a_release_that_can_be_listed_promoted_and_rolled_back()
    {
        var folder = Directory.CreateTempSubdirectory("training-cli-").FullName;
        try
        {
            var (data, store) = (Path.Combine(folder, "data"), Path.Combine(folder, "store"));
            Assert.Equal(0, (await RunAsync($"demo-data --out {data} --users 120 --items 200 --days 8")).Code);
            var first = await RunAsync($"train --data {data} --store {store} --epochs 2 --dimensions 16");
            Assert.Equal((0, ""), (first.Code, first.Error));
            Assert.Contains("item-kNN", first.Output, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync($"demo-data --out {data} --users 120 --items 200 --days 12")).Code);
            var second = await RunAsync($"train --data {data} --store {store} --epochs 2 --dimensions 16 --force");
            Assert.Equal((0, ""), (second.Code, second.Error));
            Assert.Contains("current release", second.Output, StringComparison.Ordinal);
            var listed = (await RunAsync($"releases list --store {store}")).Output;
            var ids = Regex.Matches(listed, "[0-9]{8}T[0-9]{9}Z-[0-9a-f]{6}").Select(match => match.Value).ToList();
            Assert.Equal(2, ids.Count);
            Assert.Equal(0, (await RunAsync($"demo-data --out {data}-next --users 120 --items 200 --days 13 --skip-days 12")).Code);
            var again = await RunAsync($"train --store {store} --epochs 1 --dimensions 16 --force --user-tower sequence");
            Assert.Equal((0, ""), (again.Code, again.Error));
            Assert.Contains("archive: ", again.Output, StringComparison.Ordinal);
            var compared = await RunAsync($"evaluate --store {store} --data {data}-next --release {ids[0]} --release {ids[1]}");
            Assert.Equal((0, ""), (compared.Code, compared.Error));
            Assert.All(ids, id => Assert.Contains(id, compared.Output, StringComparison.Ordinal));
            Assert.Equal(0, (await RunAsync($"releases rollback --store {store}")).Code);
            Assert.Equal(0, (await RunAsync($"releases promote {ids[0]} --store {store}")).Code);
            Assert.Equal(1, (await RunAsync($"releases promote nonsense --store {store}")).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_given_split_is_evaluated_into_a_json_file_with_all_baselines()
    {
        var folder = Directory.CreateTempSubdirectory("training-cli-").FullName;
        try
        {
            var random = new Random(1);
            string Lines(int items) => string.Join('\n', Enumerable.Range(0, 60).Select(user =>
                $"{user} {string.Join(' ', Enumerable.Range(0, items).Select(_ => (random.Next(20) * 2) + (user % 2)).Distinct())}"));
            var (train, test, json) = (Path.Combine(folder, "train.txt"), Path.Combine(folder, "test.txt"), Path.Combine(folder, "figures.json"));
            await File.WriteAllTextAsync(train, Lines(10), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(test, Lines(3), TestContext.Current.CancellationToken);
            var (code, _, error) = await RunAsync($"evaluate --train {train} --test {test} --k 5,20 --epochs 3 --dimensions 16 --json {json}");
            Assert.Equal((0, ""), (code, error));
            using var figures = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
            var scorers = figures.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("scorer").GetString()!).ToList();

            // Whether sixty users teach a ranker anything is chance; RankerGateTests say when it has a row.
            scorers.Remove(RankerFinding.Ranked);
            Assert.Equal(["model", "popularity", "popularity, 7 days", "item-kNN", "EASE", "BPR-MF", "BCE, one negative"], scorers);
            Assert.Contains("fewer than 200 cases", figures.RootElement.GetProperty("ranker").GetProperty("reason").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        var code = await CommandLine.RunAsync(arguments.Split(' '), console, output, error, TimeProvider.System);
        return (code, output.ToString(), error.ToString());
    }
}
