using System.Diagnostics;
using Azure.Storage.Blobs;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Benchmarks.ColdStart;
using ServerlessRec.Benchmarks.OnAzurite;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Embedded;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Benchmarks.Load;

/// <summary>Runs the load verb.</summary>
internal sealed class LoadBench(LoadSettings settings)
{
    private readonly BenchmarkReport _report = new("load", TimeProvider.System.GetUtcNow());

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var world = await AzuriteWorld.StartAsync(cancellationToken);
        await PublishAsync(world, cancellationToken);
        await MeasureAsync(world, cancellationToken);
        _report.Print();
        if (settings.Json is { } json)
        {
            _report.WriteJson(json);
        }

        return 0;
    }

    private async Task PublishAsync(AzuriteWorld world, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("serverlessrec-load-").FullName;
        try
        {
            await ColdStore.PrepareAsync(folder, settings.Items, settings.Dimensions, cancellationToken);
            using var store = EmbeddedStore.Open(folder, TimeProvider.System);
            await world.CopyAsync(store.Blobs, "", cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureAsync(AzuriteWorld world, CancellationToken cancellationToken)
    {
        var blobs = world.Store.Blobs;
        var files = new List<BlobProperties>();
        await foreach (var file in blobs.ListAsync("releases/", cancellationToken))
        {
            files.Add(file);
        }

        var release = files[0].Path.Split('/')[1];
        var container = new BlobServiceClient(world.ConnectionString).GetBlobContainerClient(StoreSettings.DefaultContainer);
        var plain = new PlainDownload(files);
        var (loads, sdk, ranges, fastest) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < settings.Rounds; round++)
        {
            var load = await TimeAsync(() => LoadAsync(blobs, release, cancellationToken));
            var bySdk = await TimeAsync(() => plain.BySdkAsync(container, cancellationToken));
            var byRanges = await TimeAsync(() => plain.ByRangesAsync(blobs, cancellationToken));

            // The first round meets code that was never run.
            if (round >= 0)
            {
                loads.Add(load);
                sdk.Add(bySdk);
                ranges.Add(byRanges);
                fastest.Add(Math.Min(bySdk, byRanges));
            }
        }

        Report(files.Sum(file => file.Length) / 1e6, loads, sdk, ranges, fastest);
    }

    private void Report(double megabytes, List<double> loads, List<double> sdk, List<double> ranges, List<double> fastest)
    {
        _report.Settings["items"] = settings.Items;
        _report.Settings["dimensions"] = settings.Dimensions;
        _report.Settings["rounds"] = settings.Rounds;
        _report.Settings["megabytes"] = megabytes;
        _report.Add("load_ms", Ratio.MedianOf(loads), "ms");
        _report.Add("load_mb_per_s", megabytes / Ratio.MedianOf(loads) * 1000, "MB/s");
        _report.Add("download_sdk_ms", Ratio.MedianOf(sdk), "ms");
        _report.Add("download_ranges_ms", Ratio.MedianOf(ranges), "ms");

        // Speeds, so the other way round than times; in each round against whichever download was the faster one.
        _report.Add("load_vs_download", Ratio.Of(fastest, loads), "the faster download of the round");
    }

    private static async Task LoadAsync(IBlobStore blobs, string release, CancellationToken cancellationToken)
    {
        using var loaded = await new ReleaseLoader(blobs).LoadAsync(release, cancellationToken: cancellationToken);
        var vector = new float[loaded.Index.Dimensions];
        loaded.Index.CopyVector(0, vector);
        var found = new Neighbor[10];
        if (loaded.Index.Search(vector, 100, found) != found.Length)
        {
            throw new InvalidOperationException("The release was loaded, but its index finds nothing.");
        }
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        GC.Collect();
        var begun = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
