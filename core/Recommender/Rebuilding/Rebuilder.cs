using System.Globalization;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Retrieval;

namespace ServerlessRec.Recommender.Rebuilding;

/// <summary>
/// Makes a new release of the one that serves, the catalogue log and the feedback archive: merged index, decayed popularity, measured recall,
/// gates; then publishes, promotes and prunes. One rebuild runs at a time over all instances. A rebuild that dies anywhere leaves the old
/// release serving and nothing that the next one does not clear. Thread-safe.
/// </summary>
public sealed class Rebuilder
{
    private const string LeaseName = "rebuild";
    private const string PopularityNote = "popularity.until";

    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    // Events accepted just now may still be on their way into the archive; the next rebuild counts them.
    private static readonly TimeSpan ArchiveLag = TimeSpan.FromMinutes(2);

    private readonly IBlobStore _blobs;
    private readonly RebuildOptions _options;
    private readonly TimeProvider _clock;
    private readonly ReleaseStore _store;
    private readonly ReleaseLoader _loader;

    /// <summary>A rebuilder over a blob store.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Rebuilder(IBlobStore blobs, RebuildOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _blobs = blobs;
        _options = options;
        _clock = clock;
        _store = new ReleaseStore(blobs, clock);
        _loader = new ReleaseLoader(blobs);
    }

    /// <summary>Rebuilds once, unless nothing changed.</summary>
    /// <param name="evenIfUpToDate">Publish although nothing changed.</param>
    /// <param name="progress">Told what is being done, for people.</param>
    /// <param name="cancellationToken">Stops; the old release goes on serving.</param>
    /// <exception cref="ReleaseDamagedException">The release that serves is damaged.</exception>
    /// <exception cref="CatalogueLogException">The catalogue log is damaged.</exception>
    /// <exception cref="BlobStoreException">The store is away.</exception>
    public async Task<RebuildOutcome> RunAsync(bool evenIfUpToDate = false, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        var lease = await HeldLease.AcquireAsync(
            _blobs, LeaseName, LeaseDuration, _options.WaitForOthers, _clock, progress, cancellationToken).ConfigureAwait(false);
        if (lease is null)
        {
            return new RebuildOutcome(RebuildResult.Overtaken, null, $"Somebody else has been rebuilding for {_options.WaitForOthers}.");
        }

        await using var _ = lease.ConfigureAwait(false);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        try
        {
            return await RunUnderLeaseAsync(evenIfUpToDate, progress, both.Token).ConfigureAwait(false);
        }
        catch (ReleaseConflictException e)
        {
            return new RebuildOutcome(RebuildResult.Overtaken, null, e.Message);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new RebuildOutcome(RebuildResult.Overtaken, null, "The lease was lost to another rebuild.");
        }
    }

    private async Task<RebuildOutcome> RunUnderLeaseAsync(bool evenIfUpToDate, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (await _store.ReadCurrentAsync(cancellationToken).ConfigureAwait(false) is not { } pointer)
        {
            return new RebuildOutcome(RebuildResult.NoRelease, null, "Nothing was published yet: train a model first.");
        }

        progress?.Report($"loading {pointer.Current}");
        using var release = await _loader.LoadAsync(pointer.Current, cancellationToken: cancellationToken).ConfigureAwait(false);
        var changes = await TakeInChangesAsync(release, cancellationToken).ConfigureAwait(false);
        var until = _clock.GetUtcNow() - ArchiveLag;
        var popularity = await CountAsync(release.Manifest, until, cancellationToken).ConfigureAwait(false);
        if (!evenIfUpToDate && changes == 0 && popularity.Events == 0)
        {
            return new RebuildOutcome(RebuildResult.UpToDate, null, "No item changed and no feedback came since the release that serves.", Items: release.Items.Count);
        }

        progress?.Report($"merging {changes} changes and {popularity.Events} events into {release.Items.Count} items");
        var (index, rows) = release.Catalogue.Merge(_options.Threads, cancellationToken);
        using var owned = index;
        var check = new RecallCheck(index, RecallCheck.LikeUsers(index, _options.RecallQueries, 1), cancellationToken);
        var recall = check.At(_options.EfSearch, cancellationToken);
        if (Gate(release, rows.Length, recall) is { } refusal)
        {
            return new RebuildOutcome(RebuildResult.Refused, null, refusal, recall, rows.Length, changes);
        }

        var draft = Draft(release, index, [.. rows.Select(popularity.Apply)], recall, changes, popularity.Now) with
        {
            EfSearch = EfSearchChoice.After(check, release.Index, release.Manifest.EfSearch, cancellationToken),
        };
        var manifest = await _store.PublishAsync(draft, progress, cancellationToken).ConfigureAwait(false);
        await PruneAsync(progress, cancellationToken).ConfigureAwait(false);
        var reason = string.Create(CultureInfo.InvariantCulture, $"{changes} item changes and {popularity.Events} events taken in; recall@10 {recall:F3}.");
        return new RebuildOutcome(RebuildResult.Published, manifest.Id, reason, recall, rows.Length, changes);
    }

    private async Task<int> TakeInChangesAsync(LoadedRelease release, CancellationToken cancellationToken)
    {
        using var log = new CatalogueLog(_blobs);
        var changes = new List<CatalogueChange>();
        var position = release.Catalogue.Position;
        await foreach (var logged in log.ReadAsync(position, cancellationToken).ConfigureAwait(false))
        {
            changes.Add(logged.Change);
            position = logged.Position;
        }

        release.Catalogue.Apply(changes, position, cancellationToken);
        return changes.Count;
    }

    private async Task<PopularityDecay> CountAsync(ReleaseManifest manifest, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var since = manifest.Notes.TryGetValue(PopularityNote, out var note)
            && DateTimeOffset.TryParse(note, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var noted)
                ? noted
                : manifest.CreatedAt;
        var popularity = new PopularityDecay(since, since > until ? since : until, _options.PopularityHalfLife);
        if (since >= until)
        {
            return popularity;
        }

        await foreach (var logged in new FeedbackArchiveReader(_blobs).ReadAsync(since, until, cancellationToken).ConfigureAwait(false))
        {
            if (logged.AcceptedAt > since && logged.AcceptedAt <= until && !_options.NegativeFeedbackTypes.Contains(logged.Event.FeedbackType))
            {
                popularity.Add(logged.Event.ItemId, logged.AcceptedAt);
            }
        }

        return popularity;
    }

    private string? Gate(LoadedRelease release, int items, double recall)
    {
        if (recall < _options.RecallFloor)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Recall@10 is {recall:F3}, below {_options.RecallFloor}.");
        }

        return items < Math.Max(1, release.Items.Count * _options.ItemShareFloor)
            ? string.Create(CultureInfo.InvariantCulture, $"{items} items would be left of {release.Items.Count}, below the share of {_options.ItemShareFloor}.")
            : null;
    }

    private static ReleaseDraft Draft(LoadedRelease release, HnswIndex index, CatalogueRow[] rows, double recall, int changes, DateTimeOffset popularityUntil) => new()
    {
        Origin = "rebuild",
        Features = release.Features,
        UserTower = release.UserTower.Onnx,
        ItemTower = release.ItemTower.Onnx,
        RankerSpec = release.Ranker?.Spec,
        Ranker = release.Ranker?.Onnx ?? default,
        Items = rows,
        ItemVectors = default,
        BuiltIndex = index,
        OnlyOver = release.Id,
        CatalogueLogPosition = release.Catalogue.Position,
        Metrics = new Dictionary<string, double>(release.Manifest.Metrics) { ["rebuild.recall@10"] = recall, ["rebuild.changes"] = changes },
        Notes = new Dictionary<string, string>(release.Manifest.Notes)
        {
            ["rebuild.of"] = release.Id,
            [PopularityNote] = popularityUntil.ToString("O", CultureInfo.InvariantCulture),
        },
    };

    private async Task PruneAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var pruned = await _store.PruneAsync(_options.KeepReleases, cancellationToken).ConfigureAwait(false);
        progress?.Report($"{pruned.Count} old releases removed");
        var oldest = (await _store.ListAsync(cancellationToken).ConfigureAwait(false)).Min(r => r.Manifest?.CatalogueLogPosition ?? 0);
        using var log = new CatalogueLog(_blobs);
        await log.PruneAsync(oldest, cancellationToken).ConfigureAwait(false);
        await new FeedbackArchive(_blobs).PruneAsync(_clock.GetUtcNow() - _options.ArchiveRetention, cancellationToken).ConfigureAwait(false);
    }
}
