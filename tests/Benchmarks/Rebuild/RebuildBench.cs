using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Benchmarks.Stream;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.Rebuild;

/// <summary>Runs the rebuild verb.</summary>
internal sealed class RebuildBench(RebuildSettings settings)
{
    private const int HistoryBefore = 20;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly BenchmarkReport _report = new("rebuild", TimeProvider.System.GetUtcNow());

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("rebuild-").FullName;
        int failed;
        try
        {
            await TrainedStore.PrepareAsync(settings.Store, folder, cancellationToken);
            using var store = EmbeddedStore.Open(folder, TimeProvider.System);
            await GrownCatalogue.PublishAsync(store.Blobs, settings.Items, cancellationToken);
            using (var releases = new ReleaseHolder(store.Blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance))
            {
                await releases.RefreshAsync(cancellationToken);
                await ImportUsersAsync(store, releases, cancellationToken);
                failed = await MeasureAsync(store, releases, cancellationToken);
            }

            failed += await new HttpRebuild(settings, _report).RunAsync(folder, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        _report.Print();
        if (settings.Json is not null)
        {
            _report.WriteJson(settings.Json);
        }

        return failed == 0 ? 0 : 1;
    }

    private async Task ImportUsersAsync(EmbeddedStore store, ReleaseHolder releases, CancellationToken cancellationToken)
    {
        using var release = releases.Acquire();
        string[] items = [.. Enumerable.Range(0, release.Items.Count).Select(release.Items.Id)];
        await UserImport.RunAsync(store.Users, new FeedbackStream(items, settings.Users).Users(HistoryBefore), cancellationToken);
        _report.Settings["items"] = items.Length;
        _report.Settings["users"] = settings.Users;
        _report.Settings["rate"] = settings.Rate;
        _report.Settings["changes"] = settings.Changes;
    }

    private async Task<int> MeasureAsync(EmbeddedStore store, ReleaseHolder releases, CancellationToken cancellationToken)
    {
        var service = new RecommendationService(releases, store.Users, new ServingOptions(), TimeProvider.System);
        var load = new RequestLoad(settings, async user => (await service.RecommendAsync(user, new RecommendQuery())).Items.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = load.RunAsync(stop.Token);
        try
        {
            await Task.Delay(Settle, cancellationToken);
            var start = load.Now;
            await Task.Delay(TimeSpan.FromSeconds(settings.SecondsBefore), cancellationToken);
            _report.Add("before_p50_ms", load.At(.5, start, load.Now), "ms");
            var before = load.At(.99, start, load.Now);
            _report.Add("before_p99_ms", before, "ms");
            await ChangeItemsAsync(store, releases, service, cancellationToken);
            await RebuildAsync(store, releases, load, before, cancellationToken);
            await RollBackAsync(store, releases, service, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await loading;
        }

        _report.Settings["requests"] = load.Answered + load.Failed;
        _report.Add("failed_requests", load.Failed, "requests", load.Failure);
        return load.Failed;
    }

    private async Task ChangeItemsAsync(EmbeddedStore store, ReleaseHolder releases, RecommendationService service, CancellationToken cancellationToken)
    {
        using var log = new CatalogueLog(store.Blobs);
        var catalogue = new CatalogueService(log, releases);
        var user = FeedbackStream.UserId(1);
        var first = (await service.GetItemAsync((await service.RecommendAsync(user, new RecommendQuery(), cancellationToken)).Items[0].Id, cancellationToken))!;
        _report.Add("new_item_ms", await UntilAsync(
            () => catalogue.PutAsync([first with { ItemId = "fitting" }], cancellationToken), () => IsRecommendedAsync(service, user, "fitting", cancellationToken)), "ms");
        _report.Add("hidden_item_ms", await UntilAsync(
            () => catalogue.WriteAsync([CatalogueChange.PatchItem(first.ItemId, new ItemPatch { IsHidden = true })], cancellationToken),
            async () => !await HasAsync(first.ItemId)), "ms");
        var changes = new List<CatalogueChange>();
        using (var release = releases.Acquire())
        {
            for (var i = 0; i < settings.Changes; i++)
            {
                changes.Add(i % 4 == 3
                    ? CatalogueChange.Delete(release.Items.Id(i))
                    : CatalogueChange.Put(GrownCatalogue.Variation(release.Items, settings.Items + i).Item));
            }
        }

        var started = Stopwatch.GetTimestamp();
        foreach (var batch in changes.Chunk(100))
        {
            await catalogue.WriteAsync(batch, cancellationToken);
        }

        _report.Add("item_changes_per_s", changes.Count / Stopwatch.GetElapsedTime(started).TotalSeconds, "changes/s");

        async Task<bool> HasAsync(string id) =>
            (await service.RecommendAsync(user, new RecommendQuery { Count = RecommendQuery.MaxCount }, cancellationToken)).Items.Any(item => item.Id == id);
    }

    // Whether the list can hold the item, not how high: a model decides that. The filter leaves nothing but the item.
    private static async Task<bool> IsRecommendedAsync(RecommendationService service, string userId, string itemId, CancellationToken cancellationToken) =>
        (await service.RecommendAsync(userId, new RecommendQuery { Filter = $"ItemId = '{itemId}'" }, cancellationToken)).Items.Count > 0;

    private async Task RebuildAsync(EmbeddedStore store, ReleaseHolder releases, RequestLoad load, double before, CancellationToken cancellationToken)
    {
        var start = load.Now;
        var outcome = await Task.Run(() => new Rebuilder(store.Blobs, new RebuildOptions(), TimeProvider.System).RunAsync(false, null, cancellationToken), cancellationToken);
        if (outcome.Result != RebuildResult.Published)
        {
            throw new InvalidOperationException($"The rebuild ended with {outcome.Result}: {outcome.Reason}");
        }

        var swap = load.Now;
        _report.Add("rebuild_s", (swap - start).TotalSeconds, "s");
        _report.Add("rebuild_recall_at_10", outcome.Recall!.Value, "share");
        await Task.Run(() => releases.RefreshAsync(cancellationToken), cancellationToken);
        _report.Add("load_and_swap_ms", (load.Now - swap).TotalMilliseconds, "ms");
        await Task.Delay(Settle, cancellationToken);
        var during = load.At(.99, swap, load.Now);
        _report.Add("rebuild_p99_ms", load.At(.99, start, swap), "ms");
        _report.Add("swap_p99_ms", during, "ms");
        _report.Add("swap_p99_vs_before", during / before, "ratio", "before_p99_ms");
    }

    private async Task RollBackAsync(EmbeddedStore store, ReleaseHolder releases, RecommendationService service, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(releases, stop.Token);
        var target = "";
        _report.Add("rollback_ms", await UntilAsync(
            async () => target = (await new ReleaseStore(store.Blobs, TimeProvider.System).RollbackAsync(cancellationToken)).Id,
            async () => (await service.PopularAsync(new RecommendQuery(), cancellationToken)).ReleaseId == target), "ms");
        await stop.CancelAsync();
        await watching;
    }

    // What a host does: look every second.
    private static async Task WatchAsync(ReleaseHolder releases, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await releases.RefreshAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }

    private static async Task<double> UntilAsync(Func<Task> act, Func<Task<bool>> isSeen)
    {
        var start = Stopwatch.GetTimestamp();
        await act();
        while (!await isSeen())
        {
            if (Stopwatch.GetElapsedTime(start) > GiveUpAfter)
            {
                throw new TimeoutException($"What was waited for did not come within {GiveUpAfter}.");
            }

            await Task.Delay(1);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
