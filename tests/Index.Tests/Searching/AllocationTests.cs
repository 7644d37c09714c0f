using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Searching;

public sealed class AllocationTests
{
    [Fact]
    public void A_search_allocates_nothing_on_the_managed_heap()
    {
        var vectors = VectorSet.Clustered(3000, 32, 1);
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = 32, EfConstruction = 60 }, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
        var half = new OrdinalSet(vectors.Count);
        for (var i = 0; i < vectors.Count; i += 2)
            half.Add(i);
        var few = new OrdinalSet(vectors.Count);
        few.Add(17);
        var results = new Neighbor[10];
        void Run()
        {
            for (var q = 0; q < 50; q++)
            {
                index.Search(vectors[q], 64, results);
                index.Search(vectors[q], 64, results, new SearchFilter { Allowed = half });
                index.Search(vectors[q], 64, results, new SearchFilter { Allowed = few });
                index.Score(vectors[q], q);
            }
        }

        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_threads_get_the_answers_that_one_gets()
    {
        var vectors = VectorSet.Clustered(3000, 32, 1);
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = 32, EfConstruction = 60 }, vectors.Count, vectors.Read, ct: TestContext.Current.CancellationToken);
        Neighbor[] Answer(int query)
        {
            var results = new Neighbor[10];
            index.Search(vectors[query], 40, results);
            return results;
        }

        var alone = Enumerable.Range(0, 500).Select(Answer).ToArray();
        var together = new Neighbor[500][];
        var threads = Enumerable.Range(0, 24).Select(t => new Thread(() =>
        {
            for (var q = t; q < 500; q += 24)
                together[q] = Answer(q);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(alone, together);
    }
}
