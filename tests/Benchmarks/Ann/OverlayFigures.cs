using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Index;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>What an overlay with 1 % changed costs, and what merging it does.</summary>
internal sealed class OverlayFigures(AnnSettings settings, AnnCase data, OwnPeer own, BenchmarkReport report)
{
    public void Measure(int ef, CancellationToken cancellationToken)
    {
        using var overlay = new HnswOverlay(own.Index);
        var random = new Random(7);
        var changes = Math.Max(1, data.Count / 100);
        var start = AnnClock.Now(settings.ProcessorTime);
        for (var i = 0; i < changes; i++)
            overlay.Update(random.Next(data.Count), data.Vector(random.Next(data.Count)));
        report.Rows.Add(new() { ["overlayChange"] = "update", ["microseconds"] = (AnnClock.Now(settings.ProcessorTime) - start) * 1e6 / changes });
        var (before, after) = (new List<double>(), new List<double>());
        var results = new Neighbor[settings.K];
        WarmUp(overlay, ef, results);
        for (var round = 0; round < settings.Rounds; round++)
        {
            var from = AnnClock.Now(settings.ProcessorTime);
            for (var q = 0; q < data.QueryCount; q++)
                own.Index.Search(data.Query(q), ef, results);
            before.Add(1 / (AnnClock.Now(settings.ProcessorTime) - from));
            from = AnnClock.Now(settings.ProcessorTime);
            for (var q = 0; q < data.QueryCount; q++)
                overlay.Search(data.Query(q), ef, results);
            after.Add(1 / (AnnClock.Now(settings.ProcessorTime) - from));
        }
        report.Add("overlay_speed_vs_base", Ratio.Of(after, before), "base");
        start = AnnClock.Now(settings.ProcessorTime);
        using var merged = overlay.Merge(settings.BuildThreads, cancellationToken).Index;
        var merge = AnnClock.Now(settings.ProcessorTime) - start;
        report.Rows.Add(new() { ["mergeSeconds"] = merge });
        report.Add("merge_vs_build", merge / own.Build(), "ratio", "full build");
    }

    private void WarmUp(HnswOverlay overlay, int ef, Neighbor[] results)
    {
        for (var pass = 0; pass < 4; pass++)
        {
            for (var i = 0; i < 4000; i++)
                overlay.Search(data.Query(i % data.QueryCount), ef, results);
            Thread.Sleep(250);
        }
    }
}
