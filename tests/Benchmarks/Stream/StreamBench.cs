using ServerlessRec.Benchmarks.OnAzurite;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>Runs the stream verb.</summary>
internal sealed class StreamBench(StreamSettings settings)
{
    private readonly BenchmarkReport _report = new("stream", TimeProvider.System.GetUtcNow());

    public Task<int> RunAsync(CancellationToken cancellationToken) => TrainedWorld.MeasureAsync(
        _report, settings.Store, settings.Json, (store, releases, items) => MeasureAsync(store, releases, items, cancellationToken), cancellationToken);

    private async Task MeasureAsync(EmbeddedStore store, ReleaseHolder releases, string[] items, CancellationToken cancellationToken)
    {
        _report.Settings["events"] = settings.Events;
        _report.Settings["users"] = settings.Users;
        _report.Settings["historyBefore"] = settings.History;
        _report.Settings["batch"] = settings.Batch;
        var stream = new FeedbackStream(items, settings.Users);
        var infer = ReleaseInference.By(releases);
        if (settings.Azurite)
        {
            await using var world = await AzuriteWorld.StartAsync(cancellationToken);
            await HubStream.RunAsync(settings, world, store.Directory, stream, infer, _report, cancellationToken);
            return;
        }

        var processor = await ProcessorBench.RunAsync(settings, stream, infer, cancellationToken);
        _report.Add("processor_events_per_s", processor.PerSecond, "events/s");
        _report.Add("processor_cpu_us_per_event", processor.CpuMicroseconds, "µs");
        var bare = await ProcessorBench.RunAsync(settings, stream, (_, _) => null, cancellationToken);
        _report.Add("processor_cpu_us_per_event_without_tower", bare.CpuMicroseconds, "µs");
        var (import, embedded) = await EmbeddedBench.RunAsync(settings, store, stream, infer, cancellationToken);
        _report.Add("embedded_events_per_s", embedded.PerSecond, "events/s");
        _report.Add("embedded_cpu_us_per_event", embedded.CpuMicroseconds, "µs");
        _report.Add("import_entries_per_s", settings.Users * settings.History / import, "entries/s");
    }
}
