using ScottPlot;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>Recall against queries per second, one line a peer.</summary>
internal static class AnnPlot
{
    private static readonly int[] Sweep = [10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448];

    public static void Draw(string path, IReadOnlyList<IAnnPeer> peers, AnnCase data, int k)
    {
        using var plot = new Plot();
        var ids = new int[data.QueryCount * k];
        foreach (var peer in peers)
        {
            var (recalls, rates) = (new List<double>(), new List<double>());
            foreach (var ef in Sweep.Where(ef => ef >= k))
            {
                var seconds = Math.Min(peer.Search(ef, k, 1, ids), peer.Search(ef, k, 1, ids));
                recalls.Add(data.Recall(ids, k));
                rates.Add(Math.Log10(data.QueryCount / seconds));
            }
            plot.Add.Scatter(recalls, rates).LegendText = peer.Name;
        }
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = v => Math.Pow(10, v).ToString("N0", System.Globalization.CultureInfo.InvariantCulture) };
        plot.XLabel($"recall@{k}");
        plot.YLabel("queries per second, one thread");
        plot.Title($"{data.Count:N0} × {data.Dimensions}");
        plot.ShowLegend(Alignment.LowerLeft);
        plot.SavePng(path, 900, 600);
    }
}
