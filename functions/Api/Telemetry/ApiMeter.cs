using System.Diagnostics.Metrics;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Telemetry;

/// <summary>What is measured of requests and of the release that serves. The meter's name is <see cref="Name"/>. Any thread.</summary>
public sealed class ApiMeter : IDisposable
{
    /// <summary>The meter to listen to.</summary>
    public const string Name = "ServerlessRec.Api";

    /// <summary>The instrument with a series for each route and status.</summary>
    public const string RequestDuration = "serverlessrec.request.duration";

    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _stages;
    private readonly ReleaseHolder _releases;
    private readonly TimeProvider _clock;

    /// <summary>A meter over the release that <paramref name="releases"/> holds.</summary>
    public ApiMeter(ReleaseHolder releases, TimeProvider clock)
    {
        (_releases, _clock) = (releases, clock);
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = [.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5] };
        _requests = _meter.CreateHistogram(RequestDuration, "s", "A request, by route and status", advice: buckets);
        _stages = _meter.CreateHistogram("serverlessrec.stage.duration", "s", "A stage of a recommendation: user, retrieve, rank", advice: buckets);
        _meter.CreateObservableGauge("serverlessrec.release.age", Age, "s", "Since the release that serves was made");
        _meter.CreateObservableGauge("serverlessrec.release.items", () => Live(release => release.Catalogue.Count), "{item}", "Items that are served, deleted ones too");
        _meter.CreateObservableGauge("serverlessrec.catalogue.changes", () => Live(release => release.Catalogue.ChangeCount), "{change}", "Item changes since the release");
    }

    /// <summary>Measures one request.</summary>
    public void Request(string route, int status, TimeSpan duration) =>
        _requests.Record(duration.TotalSeconds, new("route", route), new KeyValuePair<string, object?>("status", status));

    /// <summary>Measures the stages of one list.</summary>
    public void Stages(StageTimings timings)
    {
        _stages.Record(timings.User.TotalSeconds, new KeyValuePair<string, object?>("stage", "user"));
        _stages.Record(timings.Retrieve.TotalSeconds, new KeyValuePair<string, object?>("stage", "retrieve"));
        _stages.Record(timings.Rank.TotalSeconds, new KeyValuePair<string, object?>("stage", "rank"));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Age()
    {
        if (_releases.Manifest is { } manifest)
        {
            yield return new((_clock.GetUtcNow() - manifest.CreatedAt).TotalSeconds);
        }
    }

    private IEnumerable<Measurement<long>> Live(Func<LoadedRelease, int> read)
    {
        if (_releases.IsReady)
        {
            using var release = _releases.Acquire();
            yield return new(read(release));
        }
    }
}
