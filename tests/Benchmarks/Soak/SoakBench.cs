using System.Diagnostics;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Benchmarks.Stream;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Benchmarks.Soak;

/// <summary>Runs the soak verb.</summary>
internal sealed class SoakBench(SoakSettings settings)
{
    private readonly BenchmarkReport _report = new("soak", TimeProvider.System.GetUtcNow());
    private readonly List<Footprint> _rounds = [];
    private readonly DayClock _clock = new();

    public Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // As both servers do.
        NativeAllocator.LimitArenas();
        return RunDayAsync(cancellationToken);
    }

    private Task<int> RunDayAsync(CancellationToken cancellationToken) => TrainedWorld.MeasureAsync(
        _report, settings.Store, settings.Json, (store, releases, _) => MeasureAsync(store, releases, cancellationToken), cancellationToken, _clock);

    private async Task MeasureAsync(EmbeddedStore store, ReleaseHolder releases, CancellationToken cancellationToken)
    {
        _report.Settings["events"] = settings.Events;
        _report.Settings["rebuilds"] = settings.Rebuilds;
        _report.Settings["changes"] = settings.Changes;
        _report.Settings["requests"] = settings.Requests;
        _report.Settings["users"] = settings.Users;
        _report.Settings["archiveHours"] = settings.ArchiveHours;
        using var log = new CatalogueLog(store.Blobs);
        await using var loop = new LiveLoop(store, ReleaseInference.By(releases), _clock);
        var day = new DayOfLife(
            settings,
            loop,
            new CatalogueService(log, releases),
            new RecommendationService(releases, store.Users, new ServingOptions(), _clock),
            new Rebuilder(store.Blobs, new RebuildOptions { ArchiveRetention = TimeSpan.FromHours(settings.ArchiveHours) }, _clock),
            releases,
            _clock);
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < settings.Rebuilds; round++)
        {
            await day.RunRoundAsync(round, cancellationToken);
            _clock.Forward(TimeSpan.FromDays(1) / settings.Rebuilds);
            _rounds.Add(Footprint.Take(store.Directory));
            _report.Rows.Add(_rounds[^1].ToRow(round + 1));
            Tell(round + 1);
        }

        Report(Stopwatch.GetElapsedTime(started));
    }

    private void Tell(int round)
    {
        var now = _rounds[^1];
        Console.Error.WriteLine(FormattableString.Invariant(
            $"{round,3}: resident {now.Resident:F0}, own {now.Own:F0}, managed {now.Managed:F0}, disk {now.Disk:F1} (log {now.FeedbackLog:F1}, archive {now.Archive:F1}, releases {now.Releases:F1}, catalogue {now.CatalogueLog:F1}, users {now.Users:F1} + {now.UsersLog:F1}, rest {now.Rest:F1}) MB, {now.Files} files"));
    }

    // A fifth of the day in its middle against the last fifth: what has levelled off has a ratio of about 1.
    private void Report(TimeSpan took)
    {
        _report.Add("soak_s", took.TotalSeconds, "s");
        Compare("resident", "MB", footprint => footprint.Resident);
        Compare("own", "MB", footprint => footprint.Own);
        Compare("managed", "MB", footprint => footprint.Managed);
        Compare("disk", "MB", footprint => footprint.Disk);
        Compare("disk_files", "files", footprint => footprint.Files);
    }

    private void Compare(string name, string unit, Func<Footprint, double> value)
    {
        var fifth = Math.Max(1, _rounds.Count / 5);
        var middle = _rounds.Skip((_rounds.Count / 2) - (fifth / 2)).Take(fifth).Average(value);
        var last = _rounds.TakeLast(fifth).Average(value);
        _report.Add($"{name}_middle", middle, unit);
        _report.Add($"{name}_end", last, unit);
        _report.Add($"{name}_end_vs_middle", last / middle, "ratio", $"{name}_middle");
    }
}
