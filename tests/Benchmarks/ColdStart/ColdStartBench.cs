using ServerlessRec.Benchmarks.OnAzurite;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.FunctionsHost.Host;

namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>
/// Runs the coldstart verb. A release in a folder lies in the page cache: what is measured is the program, not the disk. Azurite shares the
/// machine with the program that reads from it.
/// </summary>
internal sealed class ColdStartBench(ColdStartSettings settings)
{
    private const string OnAzurite = "_azurite";

    private readonly BenchmarkReport _report = new("coldstart", TimeProvider.System.GetUtcNow());

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("serverlessrec-coldstart-").FullName;
        try
        {
            var store = Path.Combine(folder, "store");
            var published = settings.Published ?? Path.Combine(folder, "published");
            await ColdStore.PrepareAsync(store, settings.Items, settings.Dimensions, cancellationToken);
            if (!Directory.Exists(published))
            {
                await Publishing.AllAsync(published, cancellationToken);
            }

            await using var world = settings.Azurite ? await AzuriteWorld.StartAsync(cancellationToken) : null;
            List<(string Name, ColdPlace Place)> places = [("", new ColdPlace(store))];
            if (world is not null)
            {
                await ColdStore.CopyAsync(store, world, cancellationToken);
                places.Add((OnAzurite, new ColdPlace(world.ConnectionString, Path.Combine(folder, "feedback"))));
            }

            await MeasureAsync(places, published, cancellationToken);
            if (settings.Json is { } json)
            {
                _report.WriteJson(json);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureAsync(List<(string Name, ColdPlace Place)> places, string published, CancellationToken cancellationToken)
    {
        var rpc = new RpcServer();
        await using var host = await ColdWorker.HostAsync(rpc, cancellationToken);
        (string Name, Func<ColdPlace, Task<ColdStart>> Start)[] kinds =
        [
            ("standalone_aot", place => ColdServer.StartAsync(Path.Combine(published, Publishing.StandaloneAot), place, cancellationToken)),
            ("standalone_r2r", place => ColdServer.StartAsync(Path.Combine(published, Publishing.StandaloneR2R), place, cancellationToken)),
            ("worker_r2r", place => ColdWorker.StartAsync(Path.Combine(published, Publishing.WorkerR2R), place, host, rpc, cancellationToken)),
        ];
        (string Name, Func<Task<ColdStart>> Start)[] programs =
            [.. kinds.SelectMany(kind => places.Select(place => (kind.Name + place.Name, (Func<Task<ColdStart>>)(() => kind.Start(place.Place)))))];
        var starts = programs.ToDictionary(program => program.Name, _ => new List<ColdStart>());

        // The first of each fills the page cache and is thrown away.
        for (var round = 0; round <= settings.Rounds; round++)
        {
            foreach (var (name, start) in programs)
            {
                var measured = await start();
                if (round > 0)
                {
                    starts[name].Add(measured);
                }
            }
        }

        Report(starts);
    }

    private void Report(Dictionary<string, List<ColdStart>> starts)
    {
        _report.Settings["items"] = settings.Items;
        _report.Settings["dimensions"] = settings.Dimensions;
        _report.Settings["rounds"] = settings.Rounds;
        var phases = new ConsoleTable("program", "reachable", "release loaded in", "first 200", "min", "max");
        foreach (var (name, rounds) in starts)
        {
            double Median(Func<ColdStart, double> read) => Ratio.MedianOf(rounds.Select(read));
            var first = rounds.Select(start => start.FirstAnswer.TotalMilliseconds).ToArray();
            var median = Ratio.MedianOf(first);
            _report.Add(name + "_ms", median, "ms");
            if (name.EndsWith(OnAzurite, StringComparison.Ordinal))
            {
                var local = starts[name[..^OnAzurite.Length]].Select(start => start.FirstAnswer.TotalMilliseconds);
                _report.Add(name + "_more_ms", median - Ratio.MedianOf(local), "ms", "the warm folder");
            }

            _report.Rows.Add(new()
            {
                ["program"] = name,
                ["reachableMs"] = Median(start => start.Reachable.TotalMilliseconds),
                ["releaseMs"] = Median(start => start.ReleaseMilliseconds),
                ["firstAnswerMs"] = median,
                ["minMs"] = first.Min(),
                ["maxMs"] = first.Max(),
            });
            phases.Add([name, .. _report.Rows[^1].Values.Skip(1).Select(value => ConsoleTable.Number((double)value))]);
        }

        Console.WriteLine();
        phases.Print();
        _report.Print();
    }
}
