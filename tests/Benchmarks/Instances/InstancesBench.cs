using System.Diagnostics;
using System.Text.Json;
using ServerlessRec.Benchmarks.Http;
using ServerlessRec.Benchmarks.OnAzurite;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Benchmarks.Stream;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Backups;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Benchmarks.Instances;

/// <summary>Runs the instances verb. The first server is told, the second one is asked every few milliseconds.</summary>
internal sealed class InstancesBench(InstancesSettings settings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly string User = FeedbackStream.UserId(1);

    private readonly BenchmarkReport _report = new("instances", TimeProvider.System.GetUtcNow());

    public Task<int> RunAsync(CancellationToken cancellationToken) => TrainedWorld.MeasureAsync(
        _report, settings.Store, settings.Json, (store, _, _) => MeasureAsync(store, cancellationToken), cancellationToken);

    private async Task MeasureAsync(EmbeddedStore store, CancellationToken cancellationToken)
    {
        await using var world = await AzuriteWorld.StartAsync(cancellationToken);
        await new StoreMirror(store.Blobs, store.Users, world.Store.Blobs, world.Store.Users).RunAsync(cancellationToken);
        await using var told = await ServedStore.StartAsync(Arguments("told"), cancellationToken);
        await using var asked = await ServedStore.StartAsync(Arguments("asked"), cancellationToken);
        var (posted, hidden) = (new List<double>(), new List<double>());
        for (var number = 0; number < settings.Items; number++)
        {
            var id = $"posted-{number}";
            posted.Add(await TimeAsync(
                () => told.PostAsync("/api/item", JsonSerializer.Serialize(new { ItemId = id, Categories = new[] { "Posted" }, Timestamp = DateTimeOffset.UtcNow }), cancellationToken),
                async () => (await asked.LatestAsync(cancellationToken)).Contains(id),
                fromTheCall: true));
            hidden.Add(await TimeAsync(
                () => told.PatchAsync("/api/item/" + id, """{"IsHidden":true}""", cancellationToken),
                async () => !(await asked.LatestAsync(cancellationToken)).Contains(id),
                fromTheCall: true));

            // Looks come in a rhythm: begin at another moment of it each time.
            await Task.Delay(TimeSpan.FromMilliseconds(37 * number % 1000), cancellationToken);
        }

        Add("new_item", posted);
        Add("hidden_item", hidden);
        await MeasureReleasesAsync(world, told, asked, cancellationToken);

        string[] Arguments(string name) => ["--store", world.ConnectionString, "--feedback-folder", Path.Combine(store.Directory, name)];
    }

    private async Task MeasureReleasesAsync(AzuriteWorld world, ServedStore told, ServedStore asked, CancellationToken cancellationToken)
    {
        var (published, rolledBack) = (new List<double>(), new List<double>());
        var rebuilder = new Rebuilder(world.Store.Blobs, new RebuildOptions(), TimeProvider.System);
        var store = new ReleaseStore(world.Store.Blobs, TimeProvider.System);
        for (var round = 0; round < settings.Releases; round++)
        {
            var old = (await store.ReadCurrentAsync(cancellationToken))!.Current;
            var rebuilding = rebuilder.RunAsync(evenIfUpToDate: true, cancellationToken: cancellationToken);

            // From the moment that the pointer names it: how long a training took before that is another matter.
            published.Add(await TimeAsync(
                () => UntilAsync(async () => (await store.ReadCurrentAsync(cancellationToken))!.Current != old),
                async () => await ServedAsync() != old));
            var current = (await rebuilding).ReleaseId;
            rolledBack.Add(await TimeAsync(
                () => told.PostAsync("/api/admin/rollback", "{}", cancellationToken),
                async () => await ServedAsync() != current,
                fromTheCall: true));
        }

        Add("new_release", published);
        Add("rollback", rolledBack);

        async Task<string> ServedAsync() => (await asked.RecommendAsync(User, cancellationToken)).Release;
    }

    private void Add(string name, List<double> milliseconds)
    {
        _report.Add($"{name}_p50_ms", Ratio.MedianOf(milliseconds), "ms");
        _report.Add($"{name}_max_ms", milliseconds.Max(), "ms");
    }

    // The answer of the first server and the second one's lists are waited for side by side; the time counts from the call, or from its end.
    private static async Task<double> TimeAsync(Func<Task> act, Func<Task<bool>> isShown, bool fromTheCall = false)
    {
        var begun = Stopwatch.GetTimestamp();
        var acting = act();
        if (!fromTheCall)
        {
            await acting;
            begun = Stopwatch.GetTimestamp();
        }

        await UntilAsync(isShown);
        var taken = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        await acting;
        return taken;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"The second server did not show it within {Patience}.");
            }

            await Task.Delay(Pause);
        }
    }
}
