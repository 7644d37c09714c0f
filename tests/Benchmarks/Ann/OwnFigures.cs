using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Index;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>What is measured of our index alone: threads, allocation, loading, filters.</summary>
internal sealed class OwnFigures(AnnSettings settings, AnnCase data, OwnPeer own, BenchmarkReport report, string folder)
{
    private static readonly double[] Selectivities = [0.5, 0.1, 0.01, 0.001];

    public void Measure(int ef, CancellationToken cancellationToken)
    {
        Scaling(ef);
        Allocation(ef);
        Loading(ef);
        Filters(ef);
        cancellationToken.ThrowIfCancellationRequested();
        new OverlayFigures(settings, data, own, report).Measure(ef, cancellationToken);
    }

    private void Scaling(int ef)
    {
        var ids = new int[data.QueryCount * settings.K];
        var (one, two) = (new List<double>(), new List<double>());
        for (var round = 0; round < settings.Rounds; round++)
        {
            one.Add(1 / own.Search(ef, settings.K, 1, ids));
            two.Add(1 / own.Search(ef, settings.K, 2, ids));
        }
        report.Add("scaling_2_threads", Ratio.Of(two, one), "one thread");
    }

    private void Allocation(int ef)
    {
        var results = new Neighbor[settings.K];
        own.Index.Search(data.Query(0), ef, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var q = 0; q < data.QueryCount; q++)
            own.Index.Search(data.Query(q), ef, results);
        report.Add("allocated_bytes_per_query", (GC.GetAllocatedBytesForCurrentThread() - before) / (double)data.QueryCount, "bytes");
    }

    private void Loading(int ef)
    {
        var path = Path.Combine(folder, "load.snapshot");
        own.Save(path);
        var times = new List<double>();
        var results = new Neighbor[settings.K];
        for (var round = 0; round < settings.Rounds + 1; round++)
        {
            var start = AnnClock.Now(settings.ProcessorTime);
            using var index = HnswIndex.OpenMapped(path);
            index.Search(data.Query(round), ef, results);
            times.Add((AnnClock.Now(settings.ProcessorTime) - start) * 1e3);
        }
        // The first one compiles code and fills the page cache.
        report.Add("load_to_first_answer_ms", Ratio.MedianOf(times.Skip(1)), "ms");
        File.Delete(path);
    }

    private void Filters(int ef)
    {
        var unfiltered = Percentile99(ef, default);
        var (lowestRecall, worstTime) = (1.0, 0.0);
        foreach (var selectivity in Selectivities)
        {
            var random = new Random(5);
            var allowed = new OrdinalSet(data.Count);
            for (var i = 0; i < data.Count; i++)
            {
                if (random.NextDouble() < selectivity)
                    allowed.Add(i);
            }
            if (allowed.Count < settings.K)
                continue;
            var filter = new SearchFilter { Allowed = allowed };
            var recall = FilteredRecall(ef, allowed);
            var time = Percentile99(ef, filter) / unfiltered;
            report.Rows.Add(new() { ["selectivity"] = selectivity, ["recall"] = recall, ["p99VsUnfiltered"] = time });
            Console.WriteLine($"selectivity {selectivity}: recall {recall:F4}, p99 {time:F2} × unfiltered");
            (lowestRecall, worstTime) = (Math.Min(lowestRecall, recall), Math.Max(worstTime, time));
        }
        report.Add("filtered_recall_min", lowestRecall, "recall");
        report.Add("filtered_p99_vs_unfiltered", worstTime, "ratio", "unfiltered");
    }

    private double FilteredRecall(int ef, OrdinalSet allowed)
    {
        var found = 0;
        var queries = Math.Min(200, data.QueryCount);
        var results = new Neighbor[settings.K];
        for (var q = 0; q < queries; q++)
        {
            var exact = data.Nearest(q, settings.K, allowed.Contains);
            var count = own.Index.Search(data.Query(q), ef, results, new SearchFilter { Allowed = allowed });
            found += results.Take(count).Count(r => exact.Contains(r.Ordinal));
        }
        return (double)found / (queries * settings.K);
    }

    /// <summary>The least of several passes' 99th percentiles: what else runs on the machine only adds.</summary>
    private double Percentile99(int ef, SearchFilter filter)
    {
        var results = new Neighbor[settings.K];
        var least = double.MaxValue;
        for (var i = 0; i < 2000; i++)
            own.Index.Search(data.Query(i % data.QueryCount), ef, results, filter);
        Thread.Sleep(250);
        for (var pass = 0; pass < 5; pass++)
        {
            var times = new double[data.QueryCount];
            for (var q = 0; q < data.QueryCount; q++)
            {
                var start = AnnClock.Now(settings.ProcessorTime);
                own.Index.Search(data.Query(q), ef, results, filter);
                times[q] = (AnnClock.Now(settings.ProcessorTime) - start) * 1e6;
            }
            Array.Sort(times);
            least = Math.Min(least, times[(int)(times.Length * 0.99)]);
        }
        return least;
    }
}
