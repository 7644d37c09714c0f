using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Overlay;

public sealed class ConcurrencyTests
{
    private const int Count = 3000;
    private const int Threads = 24;

    /// <summary>
    /// One thread moves items between two places and adds and removes others while 24 search. Whatever moment a search sees, an answer
    /// must hold each item once, with a score that one of its vectors has, and must reach the recall of exact search over what never
    /// changes.
    /// </summary>
    [Fact]
    public void Answers_stay_right_while_the_overlay_changes()
    {
        var vectors = VectorSet.Clustered(Count, 16, 1);
        var other = VectorSet.Clustered(Count, 16, 2);
        var queries = VectorSet.Clustered(64, 16, 3);
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = 16, EfConstruction = 60 }, Count, vectors.Read, ct: TestContext.Current.CancellationToken);
        using var overlay = new HnswOverlay(index);
        var stable = Enumerable.Range(0, queries.Count).Select(q => vectors.Nearest(Metric.InnerProduct, queries[q], 10, i => i % 4 != 0)).ToArray();
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var (found, possible) = (0L, 0L);
        var searchers = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            var results = new Neighbor[60];
            for (var q = t; !stop.IsCancellationRequested; q = (q + 1) % queries.Count)
            {
                var count = overlay.Search(queries[q], 120, results);
                var answer = results.AsSpan(0, count);
                Check(answer, queries[q]);
                var worst = answer[^1].Score;
                foreach (var ordinal in stable[q].Where(o => vectors.Score(Metric.InnerProduct, queries[q], o) > worst + 1e-3))
                {
                    Interlocked.Increment(ref possible);
                    if (answer.ToArray().Any(r => r.Ordinal == ordinal))
                        Interlocked.Increment(ref found);
                }
            }
        })).ToArray();

        void Check(Span<Neighbor> answer, ReadOnlySpan<float> query)
        {
            if (answer.Length != 60)
                failures.Enqueue($"{answer.Length} results");
            var seen = new HashSet<int>();
            foreach (var (ordinal, score) in answer)
            {
                if (!seen.Add(ordinal))
                    failures.Enqueue($"{ordinal} twice");
                var here = vectors.Score(Metric.InnerProduct, query, ordinal % Count);
                var there = other.Score(Metric.InnerProduct, query, ordinal % Count);
                if (Math.Min(Math.Abs(here - score), Math.Abs(there - score)) > 1e-3)
                    failures.Enqueue($"{ordinal} scores {score}, not {here} nor {there}");
            }
        }

        foreach (var searcher in searchers)
            searcher.Start();
        for (var i = 0; i < Count; i += 4)
        {
            overlay.Update(i, other[i]);
            if (i % 8 == 0)
                overlay.Update(i, vectors[i]);
            if (i % 12 == 0)
                overlay.Remove(i);
            overlay.Add(other[overlay.Count % Count]);
        }
        stop.Cancel();
        foreach (var searcher in searchers)
            searcher.Join();
        Assert.Empty(failures.Distinct().Take(5));
        Assert.True(possible > 0 && found >= 0.95 * possible, $"{found} of {possible}");
    }
}
