using System.Diagnostics;
using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Api.Tests.Fixtures;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.CrashWriter;
using ServerlessRec.Embedded.Tests.Durability;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Azure.Tests.Rebuilding;

/// <summary>Processes that rebuild one release of a storage account, killed (-9) or at once. SERVERLESSREC_KILLS kills more often.</summary>
public sealed class RebuildKillTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("SERVERLESSREC_KILLS") ?? "8", CultureInfo.InvariantCulture);

    private readonly StoreSettings _settings = azurite.NewStore();
    private IBlobStore _blobs = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _blobs = (await AzureStore.OpenAsync(_settings, Cancel)).Blobs;
        await TinyRelease.PublishAsync(_blobs);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_kill_at_any_call_leaves_a_release_serving_and_the_next_rebuild_clears_the_rest()
    {
        var random = new Random(20261130);
        for (var kill = 0; kill < Kills; kill++)
        {
            await KilledWriter.RunAsync(["rebuilds", _settings.Address.Value, _settings.Container], 1 + random.Next(60), Cancel);
            using var holder = new ReleaseHolder(_blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance);
            Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
            Assert.Null(holder.Problem);
            Assert.Equal(TinyRelease.ItemCount, holder.Manifest!.ItemCount);
            await EndLeasesAsync();
        }

        var next = await new Rebuilder(_blobs, new RebuildOptions(), TimeProvider.System).RunAsync(evenIfUpToDate: true, null, Cancel);
        Assert.Equal(RebuildResult.Published, next.Result);
        var releases = await new ReleaseStore(_blobs, TimeProvider.System).ListAsync(Cancel);
        Assert.All(releases, release => Assert.Null(release.Problem));
        Assert.InRange(releases.Count, 2, 7);
        await foreach (var blob in _blobs.ListAsync(ReleasePaths.Prefix, Cancel))
        {
            Assert.Contains(releases, release => blob.Path.StartsWith(ReleasePaths.File(release.Id, ""), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Of_two_processes_that_rebuild_at_once_one_works_and_the_other_waits_and_finds_nothing_to_do()
    {
        using (var log = new CatalogueLog(_blobs))
        {
            await log.AppendAsync([CatalogueChange.Delete("i1")], Cancel);
        }

        var results = await Task.WhenAll(RebuildAsync(), RebuildAsync());

        Assert.Equal([nameof(RebuildResult.Published), nameof(RebuildResult.UpToDate)], results.Order());
        Assert.Equal(2, (await new ReleaseStore(_blobs, TimeProvider.System).ListAsync(Cancel)).Count);
    }

    private async Task<string> RebuildAsync()
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [typeof(RebuildWriter).Assembly.Location, "rebuild", _settings.Address.Value, _settings.Container]) { RedirectStandardOutput = true })!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(Cancel);
            return output.Split('\n').Single(line => line.StartsWith(RebuildWriter.Result, StringComparison.Ordinal))[RebuildWriter.Result.Length..];
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    // What the half minute does that a dead process's leases last.
    private async Task EndLeasesAsync()
    {
        var container = new BlobServiceClient(_settings.Address.Value).GetBlobContainerClient(_settings.Container);
        foreach (var name in new[] { "rebuild", "release-publish" })
        {
            try
            {
                await container.GetBlobClient(".leases/" + name).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
            }
            catch (RequestFailedException none) when (none.Status is 404 or 409)
            {
                // It was not held.
            }
        }
    }
}
