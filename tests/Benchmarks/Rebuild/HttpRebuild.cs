using System.Text.Json;
using ServerlessRec.Benchmarks.Http;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Benchmarks.Stream;

namespace ServerlessRec.Benchmarks.Rebuild;

/// <summary>The same over HTTP: a standalone server rebuilds, swaps and rolls back while a client asks at a fixed rate.</summary>
internal sealed class HttpRebuild(RebuildSettings settings, BenchmarkReport report)
{
    private const int ItemsACall = 100;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>Measures; answers how many requests failed.</summary>
    /// <param name="folder">The store that is served.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        await using var server = await ServedStore.StartAsync(folder, cancellationToken);
        var load = new RequestLoad(settings, async user => (await server.RecommendAsync(user, CancellationToken.None)).Items.Length);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = load.RunAsync(stop.Token);
        try
        {
            await Task.Delay(WarmUp, cancellationToken);
            var start = load.Now;
            await Task.Delay(TimeSpan.FromSeconds(settings.SecondsBefore), cancellationToken);
            var before = load.At(.99, start, load.Now);
            report.Add("http_before_p50_ms", load.At(.5, start, load.Now), "ms");
            report.Add("http_before_p99_ms", before, "ms");
            await PostItemsAsync(server, cancellationToken);
            await RebuildAsync(server, load, before, cancellationToken);
            await RollBackAsync(server, load, cancellationToken);
            await Task.Delay(Settle, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await loading;
        }

        report.Settings["httpRequests"] = load.Answered + load.Failed;
        report.Add("http_failed_requests", load.Failed, "requests", load.Failure);
        return load.Failed;
    }

    private async Task PostItemsAsync(ServedStore server, CancellationToken cancellationToken)
    {
        for (var first = 0; first < settings.Changes; first += ItemsACall)
        {
            var items = Enumerable.Range(first, Math.Min(ItemsACall, settings.Changes - first)).Select(number =>
                new { ItemId = $"posted-{number}", IsHidden = false, Categories = Array.Empty<string>(), Timestamp = DateTimeOffset.UtcNow, Comment = $"Posted {number}" });
            await server.PostAsync("/api/items", JsonSerializer.Serialize(items), cancellationToken);
        }
    }

    private async Task RebuildAsync(ServedStore server, RequestLoad load, double before, CancellationToken cancellationToken)
    {
        var start = load.Now;
        var outcome = await server.PostAsync("/api/admin/rebuild", "{}", cancellationToken);
        if (!outcome.GetProperty("Published").GetBoolean())
        {
            throw new InvalidOperationException($"The rebuild published nothing: {outcome}");
        }

        var swapped = load.Now;
        await Task.Delay(Settle, cancellationToken);
        var during = load.At(.99, start, load.Now);
        report.Add("http_rebuild_and_swap_s", (swapped - start).TotalSeconds, "s");
        report.Add("http_rebuild_and_swap_p99_ms", during, "ms");
        report.Add("http_rebuild_and_swap_p99_vs_before", during / before, "ratio", "http_before_p99_ms");

        // The rebuild's last moment is the swap: load beside the old release, warm, exchange.
        var swap = load.At(.99, swapped - Settle, load.Now);
        report.Add("http_swap_p99_ms", swap, "ms");
        report.Add("http_swap_p99_vs_before", swap / before, "ratio", "http_before_p99_ms");
    }

    private async Task RollBackAsync(ServedStore server, RequestLoad load, CancellationToken cancellationToken)
    {
        var user = FeedbackStream.UserId(1);
        var (_, before) = await server.RecommendAsync(user, cancellationToken);
        var start = load.Now;
        await server.PostAsync("/api/admin/rollback", "{}", cancellationToken);
        while ((await server.RecommendAsync(user, cancellationToken)).Release == before)
        {
            await Task.Delay(1, cancellationToken);
        }

        report.Add("http_rollback_ms", (load.Now - start).TotalMilliseconds, "ms");
    }
}
