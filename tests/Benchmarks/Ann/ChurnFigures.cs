using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Index;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>
/// What rounds of change leave: in each, a twentieth of the items is replaced in an overlay, which is then merged. The last index beside a fresh
/// build of the same vectors, at the same ef.
/// </summary>
internal sealed class ChurnFigures(AnnSettings settings, AnnCase data, BenchmarkReport report)
{
    private const int Share = 20;

    public void Measure(int ef, CancellationToken cancellationToken)
    {
        var options = new HnswOptions
        {
            Metric = settings.Metric,
            Dimensions = data.Dimensions,
            M = settings.M,
            EfConstruction = settings.EfConstruction,
            Rerank = settings.Rerank,
            Threads = 2,
        };
        var others = AnnCase.Make(settings with { Seed = settings.Seed + 10, Queries = 1 });
        var vectors = Enumerable.Range(0, data.Count).ToList(); // an item's vector: below the count one of the data, above it one of the others
        var index = HnswIndex.Build(options, data.Count, (i, to) => data.Vector(i).CopyTo(to), ct: cancellationToken);
        var random = new Random(9);
        var next = data.Count;
        for (var round = 1; round <= settings.ChurnRounds; round++)
        {
            using var overlay = new HnswOverlay(index);
            for (var change = 0; change < data.Count / Share; change++)
            {
                var ordinal = random.Next(index.Count);
                if (overlay.Remove(ordinal))
                {
                    vectors[ordinal] = -1;
                    vectors.Add(next);
                    overlay.Add(VectorOf(next++));
                }
            }

            var merged = overlay.Merge(2, cancellationToken).Index;
            vectors.RemoveAll(vector => vector < 0);
            index.Dispose();
            index = merged;
        }

        using (index)
        {
            using var fresh = HnswIndex.Build(options, vectors.Count, (i, to) => VectorOf(vectors[i]).CopyTo(to), ct: cancellationToken);
            var kept = AnnCase.Of(data.Dimensions, [.. vectors.SelectMany(vector => VectorOf(vector).ToArray())], data.Queries, settings.K);
            var (churned, rebuilt) = (Recall(index, kept, ef), Recall(fresh, kept, ef));
            report.Rows.Add(new() { ["churnRounds"] = settings.ChurnRounds, ["ef"] = ef, ["recall"] = churned, ["freshRecall"] = rebuilt });
            report.Add("churn_recall_loss", rebuilt - churned, "recall", "fresh build");
            report.Add("churn_file_vs_fresh", (double)index.SnapshotBytes / fresh.SnapshotBytes, "ratio", "fresh build");
        }

        ReadOnlySpan<float> VectorOf(int vector) => vector < data.Count ? data.Vector(vector) : others.Vector((vector - data.Count) % others.Count);
    }

    private double Recall(HnswIndex index, AnnCase kept, int ef)
    {
        var ids = new int[kept.QueryCount * settings.K];
        Span<Neighbor> results = stackalloc Neighbor[settings.K];
        for (var query = 0; query < kept.QueryCount; query++)
        {
            var count = index.Search(kept.Query(query), ef, results);
            for (var i = 0; i < settings.K; i++)
            {
                ids[(query * settings.K) + i] = i < count ? results[i].Ordinal : -1;
            }
        }

        return kept.Recall(ids, settings.K);
    }
}
