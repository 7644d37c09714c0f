namespace ServerlessRec.Training.Evaluation;

/// <summary>The metrics' formulas; see <see cref="MetricsAtK"/> for what each means.</summary>
internal static class ListMetrics
{
    public static MetricsAtK Measure(int k, IReadOnlyList<RankedCase?> lists, ItemPopularity popularity, int candidates)
    {
        var cases = new List<CaseMetrics>();
        var listed = new HashSet<int>();
        double novelty = 0, bias = 0;
        var places = 0;
        for (var index = 0; index < lists.Count; index++)
        {
            if (lists[index] is not { } list)
            {
                continue;
            }

            cases.Add(Measure(index, k, list));
            foreach (var item in list.Items.AsSpan(0, Math.Min(k, list.Items.Length)))
            {
                listed.Add(item);
                novelty += popularity.SelfInformation(item);
                bias += popularity.Percentile(item);
                places++;
            }
        }

        return new MetricsAtK
        {
            K = k,
            Recall = Mean(cases, metrics => metrics.Recall),
            Ndcg = Mean(cases, metrics => metrics.Ndcg),
            HitRate = Mean(cases, metrics => metrics.HitRate),
            Mrr = Mean(cases, metrics => metrics.Mrr),
            Coverage = candidates == 0 ? 0 : (double)listed.Count / candidates,
            Novelty = places == 0 ? 0 : novelty / places,
            PopularityBias = places == 0 ? 0 : bias / places,
            Cases = cases,
        };
    }

    private static CaseMetrics Measure(int index, int k, RankedCase list)
    {
        double gain = 0, best = 0;
        var hits = 0;
        foreach (var place in list.HitPlaces)
        {
            if (place < k)
            {
                hits++;
                gain += Discount(place);
            }
        }

        for (var place = 0; place < Math.Min(k, list.Targets.Length); place++)
        {
            best += Discount(place);
        }

        return new CaseMetrics(
            index,
            (double)hits / list.Targets.Length,
            gain / best,
            hits > 0 ? 1 : 0,
            hits > 0 ? 1.0 / (list.HitPlaces[0] + 1) : 0);
    }

    private static double Discount(int place) => 1 / Math.Log2(place + 2);

    private static double Mean(List<CaseMetrics> cases, Func<CaseMetrics, double> metric) => cases.Count == 0 ? 0 : cases.Average(metric);
}
