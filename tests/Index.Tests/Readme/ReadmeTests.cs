using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Readme;

/// <summary>The examples of core/Index/README.md, run. The last test compares them with the page, line by line.</summary>
public sealed class ReadmeTests : IDisposable
{
    private const int Count = 500;

    private readonly string _path = Path.GetTempFileName();
    private readonly float[][] _vectors;
    private readonly float[] _query;

    public ReadmeTests()
    {
        var set = VectorSet.Clustered(Count + 1, 64, 1);
        _vectors = [.. Enumerable.Range(0, Count).Select(i => set[i].ToArray())];
        _query = set[Count].ToArray();
    }

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task The_examples_run()
    {
        var (count, vectors, query, path, seen) = (Count, _vectors, _query, _path, 7);
        var (newVector, otherVector) = (_vectors[1], _vectors[2]);

        var options = new HnswOptions { Dimensions = 64, Metric = Metric.Cosine };
        using var index = HnswIndex.Build(options, count, (ordinal, destination) => vectors[ordinal].CopyTo(destination));

        var neighbors = new Neighbor[10];
        int found = index.Search(query, efSearch: 64, neighbors);
        Assert.Equal(10, found);

        using (var file = File.Create(path))
            index.Save(file);

        using var mapped = HnswIndex.OpenMapped(path);
        using var loaded = await HnswIndex.LoadAsync(new FileInfo(path).Length, ReadRangeAsync);
        Assert.Equal(count, mapped.Count + loaded.Count - count);

        await RunFilterAndChange(index);
        Assert.NotEqual(newVector, otherVector);
        Assert.InRange(seen, 0, count);
    }

    [Fact]
    public void The_page_shows_what_runs()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Readme");
        var source = File.ReadAllLines(Path.Combine(folder, "ReadmeTests.cs")).Select(line => line.Trim()).ToHashSet();
        var isCode = false;
        var lines = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "README.md")).Select(line => line.Trim()))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = line == "```csharp";
            else if (isCode && line.Length > 0)
            {
                Assert.Contains(line, source);
                lines++;
            }
        }
        Assert.True(lines > 15);
    }

    private async ValueTask ReadRangeAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(_path);
        file.Position = offset;
        await file.ReadExactlyAsync(destination, cancellationToken);
    }

    private Task RunFilterAndChange(HnswIndex index)
    {
        var (query, seen, newVector, otherVector) = (_query, 7, _vectors[1], _vectors[2]);
        var neighbors = new Neighbor[10];

        var unread = new OrdinalSet(index.Count);
        unread.Fill();
        unread.Remove(seen);

        int count = index.Search(query, 64, neighbors, new SearchFilter { Allowed = unread });
        Assert.Equal(10, count);
        Assert.DoesNotContain(neighbors, n => n.Ordinal == seen);

        using var overlay = new HnswOverlay(index);
        int added = overlay.Add(newVector);
        overlay.Update(3, otherVector);
        overlay.Remove(5);
        overlay.Search(query, 64, neighbors);

        var merge = overlay.Merge();
        using var merged = merge.Index;
        Assert.Equal((Count, Count), (added, merged.Count));
        return Task.CompletedTask;
    }
}
