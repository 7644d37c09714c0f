using System.Diagnostics;
using ServerlessRec.Benchmarks.Http;
using ServerlessRec.Benchmarks.OnAzurite;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Benchmarks.Stream;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.Lag;

/// <summary>Runs the lag verb.</summary>
internal sealed class LagBench(LagSettings settings)
{
    private const int HistoryBefore = 20;

    private readonly BenchmarkReport _report = new("lag", TimeProvider.System.GetUtcNow());

    public Task<int> RunAsync(CancellationToken cancellationToken) => TrainedWorld.MeasureAsync(
        _report, settings.Store, settings.Json, (store, releases, items) => MeasureAsync(store, releases, items, cancellationToken), cancellationToken);

    private async Task MeasureAsync(EmbeddedStore store, ReleaseHolder releases, string[] items, CancellationToken cancellationToken)
    {
        _report.Settings["rate"] = settings.Rate;
        _report.Settings["seconds"] = settings.Seconds;
        _report.Settings["users"] = settings.Users;
        if (settings.Azurite)
        {
            await MeasureHubAsync(store, releases, items, cancellationToken);
            return;
        }

        await UserImport.RunAsync(store.Users, new FeedbackStream(items, settings.Users).Users(HistoryBefore), cancellationToken);
        await using (var loop = new LiveLoop(store, ReleaseInference.By(releases)))
        {
            var service = new RecommendationService(releases, store.Users, new ServingOptions(), TimeProvider.System);
            Report("", await new ClickLoad(settings, InProcess(loop, service)).RunAsync(cancellationToken));
        }

        await using var server = await ServedStore.StartAsync(store.Directory, cancellationToken);
        var http = new LiveDoor(async (user, stop) => (await server.RecommendAsync(user, stop)).Items, server.ClickAsync);
        Report("http_", await new ClickLoad(settings, http).RunAsync(cancellationToken));
    }

    private async Task MeasureHubAsync(EmbeddedStore store, ReleaseHolder releases, string[] items, CancellationToken cancellationToken)
    {
        await using var world = await AzuriteWorld.StartAsync(cancellationToken);
        await UserImport.RunAsync(world.Store.Users, new FeedbackStream(items, settings.Users).Users(HistoryBefore), cancellationToken);
        await using var loop = new HubLoop(world, store.Directory, ReleaseInference.By(releases));
        var (clock, azurite) = (Stopwatch.StartNew(), world.ProcessorTime);
        var hub = new HubLag(settings, loop, items);
        var events = await hub.RunAsync(cancellationToken);
        _report.Add("hub_start_max_ms", hub.LongestAtTheStart.TotalMilliseconds, "ms");
        _report.Add("azurite_cores_busy", (world.ProcessorTime - azurite) / clock.Elapsed, "cores");
        _report.Add("events_per_batch", loop.Users.Reads.Entries / (double)loop.Users.Reads.Calls, "events");
        _report.Add("rows_read_per_row_asked", loop.Rows.Reads.Entries / (double)loop.Users.Reads.Entries, "share");
        _report.Settings["hub_events"] = events.Count;
        foreach (var (name, read) in new (string, Func<HubEvent, TimeSpan>)[]
                 {
                     ("hub_lag", taken => taken.ToApplied), ("hub_durable", taken => taken.ToDurable), ("hub_handler", taken => taken.ToHandler),
                 })
        {
            var times = events.Select(taken => read(taken).TotalMilliseconds).Order().ToArray();
            _report.Add(name + "_p50_ms", At(times, 0.50), "ms");
            _report.Add(name + "_p90_ms", At(times, 0.90), "ms");
            _report.Add(name + "_p99_ms", At(times, 0.99), "ms");
            _report.Add(name + "_max_ms", times[^1], "ms");
        }
    }

    private static LiveDoor InProcess(LiveLoop loop, RecommendationService service)
    {
        var query = new RecommendQuery();
        return new LiveDoor(
            async (user, stop) => [.. (await service.RecommendAsync(user, query, stop)).Items.Select(item => item.Id)],
            async (user, item, stop) => await loop.Log.AppendAsync(
                [new FeedbackEvent { UserId = user, ItemId = item, FeedbackType = "click", Timestamp = DateTimeOffset.UtcNow }], stop));
    }

    private void Report(string way, List<Click> clicks)
    {
        var lags = clicks.Select(click => click.ToChangedList.TotalMilliseconds).Order().ToArray();
        var appends = clicks.Select(click => click.ToDurable.TotalMilliseconds).Order().ToArray();
        _report.Settings[way + "clicks"] = lags.Length;
        _report.Add(way + "lag_p50_ms", At(lags, 0.50), "ms");
        _report.Add(way + "lag_p90_ms", At(lags, 0.90), "ms");
        _report.Add(way + "lag_p99_ms", At(lags, 0.99), "ms");
        _report.Add(way + "lag_max_ms", lags[^1], "ms");
        _report.Add(way + "durable_p50_ms", At(appends, 0.50), "ms");
        _report.Add(way + "durable_p99_ms", At(appends, 0.99), "ms");
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
}
