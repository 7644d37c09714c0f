using System.Globalization;
using ServerlessRec.Benchmarks.Reporting;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>Runs the ann verb.</summary>
internal sealed class AnnBench(AnnSettings settings)
{
    private static readonly double[] Targets = [0.90, 0.95, 0.98, 0.99];

    private readonly BenchmarkReport _report = new("ann", TimeProvider.System.GetUtcNow());
    private readonly string _folder = Directory.CreateTempSubdirectory("ann-").FullName;

    public Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Run(cancellationToken);
            return Task.FromResult(0);
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Run(CancellationToken cancellationToken)
    {
        var data = AnnCase.Make(settings);
        Describe(data);
        using var own = new OwnPeer(settings, data);
        var peers = new List<IAnnPeer> { own };
        try
        {
            peers.AddRange(OtherPeers(data));
            Build(peers, data);
            own.WarmUp(settings.K);
            var levels = Targets.Select(target => Level(peers, data, target, cancellationToken)).ToArray();
            PrintLevels(peers, levels);
            AddRatios(levels);
            if (settings.Plot is not null)
                AnnPlot.Draw(settings.Plot, peers, data, settings.K);
            if (settings.Extras)
                new OwnFigures(settings, data, own, _report, _folder).Measure(levels[^1].EfOf("ours") ?? 64, cancellationToken);
            if (settings.ChurnRounds > 0)
                new ChurnFigures(settings, data, _report).Measure(levels[^1].EfOf("ours") ?? 64, cancellationToken);
        }
        finally
        {
            foreach (var peer in peers.Skip(1))
                peer.Dispose();
        }
        _report.Print();
        if (settings.Json is not null)
            _report.WriteJson(settings.Json);
    }

    private void Describe(AnnCase data)
    {
        _report.Settings["count"] = data.Count;
        _report.Settings["dimensions"] = data.Dimensions;
        _report.Settings["queries"] = data.QueryCount;
        _report.Settings["metric"] = settings.Metric.ToString();
        _report.Settings["k"] = settings.K;
        _report.Settings["m"] = settings.M;
        _report.Settings["efConstruction"] = settings.EfConstruction;
        _report.Settings["rounds"] = settings.Rounds;
        _report.Settings["buildThreads"] = settings.BuildThreads;
        _report.Settings["rerank"] = settings.Rerank.ToString();
        _report.Settings["clock"] = settings.ProcessorTime ? "cpu" : "wall";
        _report.Settings["vectors"] = settings.Release is null ? "clustered" : "release";
        Console.WriteLine(string.Join(", ", _report.Settings.Select(s => $"{s.Key} {s.Value}")));
    }

    private IEnumerable<IAnnPeer> OtherPeers(AnnCase data)
    {
        bool Wants(string name) => settings.Peers == "all" || settings.Peers.Split(',').Contains(name);
        foreach (var (name, libraries) in new[] { ("hnswlib", "-lpthread"), ("faiss", "-lfaiss -lopenblas") })
        {
            if (!Wants(name))
                continue;
            if (DriverPeer.TryCreate(name, libraries, _folder, settings, data, out var problem) is { } peer)
            {
                yield return peer;
                continue;
            }
            Console.WriteLine($"Missing peer {name}: its driver does not compile. {problem.Split('\n')[0]}");
            _report.Rows.Add(new() { ["missing"] = name, ["reason"] = problem.Split('\n')[0] });
        }
        if (Wants("usearch"))
            yield return new USearchPeer(settings, data);
    }

    private void Build(List<IAnnPeer> peers, AnnCase data)
    {
        var table = new ConsoleTable("build", "seconds", "bytes/vector");
        var seconds = new Dictionary<string, double>();
        foreach (var peer in peers)
        {
            seconds[peer.Name] = peer.Build();
            var file = Path.Combine(_folder, peer.Name + ".index");
            var bytes = peer.Save(file) / (double)data.Count;
            File.Delete(file);
            table.Add(peer.Name, ConsoleTable.Number(seconds[peer.Name]), ConsoleTable.Number(bytes));
            _report.Rows.Add(new() { ["peer"] = peer.Name, ["buildSeconds"] = seconds[peer.Name], ["bytesPerVector"] = bytes });
            if (peer.Name == "ours")
                _report.Add("bytes_per_vector", bytes, "bytes");
        }
        table.Print();
        if (seconds.TryGetValue("hnswlib", out var hnswlib))
            _report.Add("build_vs_hnswlib", seconds["ours"] / hnswlib, "ratio", "hnswlib");
    }

    private RecallLevel Level(List<IAnnPeer> peers, AnnCase data, double target, CancellationToken cancellationToken)
    {
        var level = new RecallLevel(target);
        var ids = new int[data.QueryCount * settings.K];
        foreach (var peer in peers)
        {
            if (RecallTarget.Find(peer, data, settings.K, target, settings.K) is { } found)
                level.Reached[peer.Name] = (found.Ef, found.Recall, []);
        }
        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var peer in peers.Where(p => level.Reached.ContainsKey(p.Name)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (ef, _, rates) = level.Reached[peer.Name];
                rates.Add(data.QueryCount / peer.Search(ef, settings.K, 1, ids));
            }
        }
        return level;
    }

    private void PrintLevels(List<IAnnPeer> peers, RecallLevel[] levels)
    {
        Console.WriteLine();
        var table = new ConsoleTable(["queries/s (ef)", .. Targets.Select(t => "recall " + t.ToString("F2", CultureInfo.InvariantCulture))]);
        foreach (var peer in peers)
        {
            table.Add([peer.Name, .. levels.Select(level => level.Cell(peer.Name))]);
            foreach (var level in levels.Where(l => l.Reached.ContainsKey(peer.Name)))
            {
                var (ef, recall, rates) = level.Reached[peer.Name];
                _report.Rows.Add(new()
                {
                    ["peer"] = peer.Name,
                    ["target"] = level.Target,
                    ["ef"] = ef,
                    ["recall"] = recall,
                    ["qps"] = Ratio.MedianOf(rates),
                    ["qpsMin"] = rates.Min(),
                    ["qpsMax"] = rates.Max(),
                });
            }
        }
        table.Print();
    }

    private void AddRatios(RecallLevel[] levels)
    {
        foreach (var (level, digits) in levels.Zip(["90", "95", "98", "99"]))
        {
            if (!level.Reached.TryGetValue("ours", out var own))
                continue;
            _report.Add($"qps{digits}", Ratio.MedianOf(own.Rates), "queries/s");
            foreach (var (name, (_, _, rates)) in level.Reached.Where(r => r.Key != "ours"))
                _report.Add($"qps{digits}_vs_{name}", Ratio.Of(own.Rates, rates), name);
        }
    }
}

/// <summary>Who reaches a recall with which ef, and how fast in each round.</summary>
internal sealed record RecallLevel(double Target)
{
    public Dictionary<string, (int Ef, double Recall, List<double> Rates)> Reached { get; } = [];

    public int? EfOf(string peer) => Reached.TryGetValue(peer, out var reached) ? reached.Ef : null;

    public string Cell(string peer) => Reached.TryGetValue(peer, out var reached)
        ? $"{ConsoleTable.Number(Ratio.MedianOf(reached.Rates))} ({reached.Ef})"
        : "not reached";
}
