using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>A store of its own with a trained release that is loaded, for one measurement; gone afterwards.</summary>
internal static class TrainedWorld
{
    /// <summary>Measures in such a world, then prints the report and writes it.</summary>
    /// <param name="report">Gets what describes the release.</param>
    /// <param name="store">The store whose release is taken; null: one is trained.</param>
    /// <param name="json">Where the report goes; null: nowhere.</param>
    /// <param name="measure">Gets store, releases and the ids of all items.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <param name="clock">The time in that world; null: the system's.</param>
    /// <returns>The exit code: 0.</returns>
    public static async Task<int> MeasureAsync(
        BenchmarkReport report,
        string? store,
        string? json,
        Func<EmbeddedStore, ReleaseHolder, string[], Task> measure,
        CancellationToken cancellationToken,
        TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        var folder = Directory.CreateTempSubdirectory("serverlessrec-bench-").FullName;
        try
        {
            await TrainedStore.PrepareAsync(store, folder, cancellationToken);
            using var embedded = EmbeddedStore.Open(folder, clock);
            using var releases = new ReleaseHolder(embedded.Blobs, clock, NullLogger<ReleaseHolder>.Instance);
            await releases.RefreshAsync(cancellationToken);
            await measure(embedded, releases, Describe(releases, report));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        report.Print();
        if (json is not null)
        {
            report.WriteJson(json);
        }

        return 0;
    }

    private static string[] Describe(ReleaseHolder releases, BenchmarkReport report)
    {
        using var release = releases.Acquire();
        report.Settings["release"] = release.Id;
        report.Settings["items"] = release.Items.Count;
        report.Settings["dimensions"] = release.Features.Dimensions;
        report.Settings["historyLength"] = release.Features.HistoryLength;
        return [.. Enumerable.Range(0, release.Items.Count).Select(release.Items.Id)];
    }
}
