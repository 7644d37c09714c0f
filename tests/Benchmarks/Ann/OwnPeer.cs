using ServerlessRec.Index;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>Our own index.</summary>
internal sealed class OwnPeer(AnnSettings settings, AnnCase data) : IAnnPeer
{
    private HnswIndex? _index;

    public string Name => "ours";

    public HnswIndex Index => _index ?? throw new InvalidOperationException("Build first.");

    public double Build()
    {
        _index?.Dispose();
        var options = new HnswOptions
        {
            Metric = settings.Metric,
            Dimensions = data.Dimensions,
            M = settings.M,
            EfConstruction = settings.EfConstruction,
            Rerank = settings.Rerank,
            Threads = settings.BuildThreads,
        };
        var start = AnnClock.Now(settings.ProcessorTime && settings.BuildThreads == 1);
        _index = HnswIndex.Build(options, data.Count, (i, destination) => data.Vector(i).CopyTo(destination));
        return AnnClock.Now(settings.ProcessorTime && settings.BuildThreads == 1) - start;
    }

    /// <summary>Runs until the compiler has seen what is hot: answers under measurement come from optimised code, as in a served process.</summary>
    public void WarmUp(int k)
    {
        var ids = new int[data.QueryCount * k];
        for (var pass = 0; pass < 4; pass++)
        {
            for (var queries = 0; queries < 4000; queries += data.QueryCount)
                Search(64, k, 1, ids);
            Thread.Sleep(250);
        }
    }

    public double Search(int ef, int k, int threads, int[] ids)
    {
        var start = AnnClock.Now(settings.ProcessorTime && threads == 1);
        if (threads == 1)
            Answer(0, data.QueryCount, ef, k, ids);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, t =>
                Answer(data.QueryCount * t / threads, data.QueryCount * (t + 1) / threads, ef, k, ids));
        return AnnClock.Now(settings.ProcessorTime && threads == 1) - start;
    }

    public long Save(string path)
    {
        using var file = File.Create(path);
        Index.Save(file);
        return file.Length;
    }

    public void Dispose() => _index?.Dispose();

    private void Answer(int from, int to, int ef, int k, int[] ids)
    {
        Span<Neighbor> results = stackalloc Neighbor[k];
        for (var q = from; q < to; q++)
        {
            var count = Index.Search(data.Query(q), ef, results);
            for (var i = 0; i < k; i++)
                ids[(q * k) + i] = i < count ? results[i].Ordinal : -1;
        }
    }
}
