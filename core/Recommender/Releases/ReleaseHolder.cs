using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue.Live;

namespace ServerlessRec.Recommender.Releases;

/// <summary>
/// The release that serves. A new one is loaded beside it and swapped in by one reference; a damaged one is refused and the old one stays.
/// Acquiring never waits. Thread-safe.
/// </summary>
/// <param name="blobs">Where releases are.</param>
/// <param name="clock">Decides when a refused release is tried again.</param>
/// <param name="log">Told of every release that serves or is refused.</param>
/// <param name="headStart">A load that is under way already, which the first look takes over; the caller disposes it. Null: none.</param>
public sealed partial class ReleaseHolder(IBlobStore blobs, TimeProvider clock, ILogger<ReleaseHolder> log, ReleaseHeadStart? headStart = null) : IDisposable
{
    private static readonly TimeSpan TryRefusedAgainAfter = TimeSpan.FromMinutes(1);

    private readonly ReleaseLoader _loader = new(blobs);
    private readonly CatalogueFollower _follower = new(blobs, log);
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly SemaphoreSlim _following = new(1, 1);
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LoadedRelease? _current;
    private volatile string? _problem;
    private string? _seenETag;
    private DateTimeOffset _refusedAt = DateTimeOffset.MinValue;
    private bool _disposed;

    /// <summary>Whether a release is loaded.</summary>
    public bool IsReady => _current is not null;

    /// <summary>Why the release that current.json names does not serve; null while it does.</summary>
    public string? Problem => _problem;

    /// <summary>Why item changes cannot be followed; null while they can.</summary>
    public string? CatalogueProblem { get; private set; }

    /// <summary>The manifest of the release that serves; null while there is none.</summary>
    public ReleaseManifest? Manifest => _current?.Manifest;

    /// <summary>A reference to the release that serves, which the caller disposes.</summary>
    /// <exception cref="ReleaseNotLoadedException">None is loaded yet.</exception>
    public LoadedRelease Acquire()
    {
        while (_current is { } release)
        {
            if (release.TryAcquire())
            {
                return release;
            }
        }

        throw new ReleaseNotLoadedException(_problem);
    }

    /// <summary>
    /// Returns when a release serves, when the first look has ended without one, or after <paramref name="bound"/>: a request that comes while
    /// the process starts waits for the load instead of being refused.
    /// </summary>
    public async ValueTask WaitForFirstLookAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        if (_current is null && !_looked.Task.IsCompleted && bound > TimeSpan.Zero)
        {
            await _looked.Task.WaitAsync(bound, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Looks at current.json and, when it changed, loads and swaps; then applies what the catalogue log holds. To be called in a rhythm of
    /// seconds. One refresh runs at a time.
    /// </summary>
    /// <exception cref="BlobStoreException">The store is away; what serves goes on serving.</exception>
    public async Task<RefreshOutcome> RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var outcome = await RefreshOnceAsync(cancellationToken).ConfigureAwait(false);
            await FollowCatalogueAsync(cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            _looked.TrySetResult();
            _refreshing.Release();
        }
    }

    /// <summary>
    /// Does beforehand what the first new item would wait for, once for each release; nothing while none is loaded. Item changes wait
    /// meanwhile, requests do not.
    /// </summary>
    /// <exception cref="InvalidDataException">The item tower cannot read an item.</exception>
    public void PrepareForNewItems(CancellationToken cancellationToken = default)
    {
        if (_current is not null)
        {
            using var release = Acquire();
            release.Catalogue.Prepare(cancellationToken);
        }
    }

    /// <summary>
    /// Applies what the catalogue log holds beyond the release that serves; afterwards every item change that was durable when this call
    /// began counts in all lists. One call works at a time. Does nothing while no release is loaded.
    /// </summary>
    /// <exception cref="BlobStoreException">The store is away; what serves goes on serving.</exception>
    public async Task FollowCatalogueAsync(CancellationToken cancellationToken = default)
    {
        await _following.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_current is null)
            {
                return;
            }

            using var release = Acquire();
            CatalogueProblem = await _follower.FollowAsync(release.Catalogue, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _following.Release();
        }
    }

    /// <summary>Drops the holder's reference; requests in flight finish.</summary>
    public void Dispose()
    {
        _disposed = true;
        Swap(null);
        _follower.Dispose();
    }

    private async Task<RefreshOutcome> RefreshOnceAsync(CancellationToken cancellationToken)
    {
        if (_current is not null)
        {
            var seen = await blobs.GetPropertiesAsync(ReleasePaths.Current, cancellationToken).ConfigureAwait(false);
            if (seen?.ETag == _seenETag && (_problem is null || clock.GetUtcNow() - _refusedAt < TryRefusedAgainAfter))
            {
                return RefreshOutcome.Unchanged;
            }
        }

        var content = await blobs.ReadAsync(ReleasePaths.Current, cancellationToken).ConfigureAwait(false);
        if (content is null)
        {
            return Refuse(null, _current is null ? null : $"{ReleasePaths.Current} is gone", RefreshOutcome.NothingPublished);
        }

        CurrentPointer pointer;
        try
        {
            pointer = ReleaseManifestJson.ReadPointer(content.Bytes.Span);
        }
        catch (InvalidDataException e)
        {
            return Refuse(content.ETag, $"{ReleasePaths.Current} is damaged: {e.Message}", RefreshOutcome.Refused);
        }

        return await FollowAsync(pointer, content.ETag, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RefreshOutcome> FollowAsync(CurrentPointer pointer, string etag, CancellationToken cancellationToken)
    {
        var serving = _current;
        if (serving?.Id == pointer.Current)
        {
            (_seenETag, _problem) = (etag, null);
            return RefreshOutcome.Unchanged;
        }

        if (await TryLoadAsync(pointer.Current, serving, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            // Better yesterday's release than none.
            foreach (var earlier in serving is null ? pointer.Previous : [])
            {
                if (await TryLoadAsync(earlier, null, cancellationToken).ConfigureAwait(false) is null)
                {
                    break;
                }
            }

            return Refuse(etag, problem, RefreshOutcome.Refused);
        }

        (_seenETag, _problem) = (etag, null);
        return RefreshOutcome.Swapped;
    }

    private async Task<string?> TryLoadAsync(string releaseId, LoadedRelease? serving, CancellationToken cancellationToken)
    {
        try
        {
            var started = clock.GetTimestamp();
            var early = serving is null && headStart is not null ? await headStart.TakeAsync(releaseId, cancellationToken).ConfigureAwait(false) : null;
            var loaded = early?.Release ?? await _loader.LoadAsync(releaseId, serving, cancellationToken).ConfigureAwait(false);
            await PrepareAsync(loaded, serving, cancellationToken).ConfigureAwait(false);
            Swap(loaded);
            LogServing(log, releaseId, loaded.Manifest.ItemCount, (early?.Took ?? clock.GetElapsedTime(started)).TotalMilliseconds);
            return null;
        }
        catch (Exception e) when (e is ReleaseDamagedException or ReleaseNotFoundException)
        {
            return e.Message;
        }
    }

    private async Task PrepareAsync(LoadedRelease loaded, LoadedRelease? serving, CancellationToken cancellationToken)
    {
        try
        {
            if (serving is not null)
            {
                ReleaseWarmup.Run(loaded, cancellationToken);
            }

            // Before the swap, so that no item of the log is missing in between.
            CatalogueProblem = await _follower.FollowAsync(loaded.Catalogue, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    private RefreshOutcome Refuse(string? etag, string? problem, RefreshOutcome outcome)
    {
        if (problem is not null && (problem != _problem || etag != _seenETag))
        {
            LogRefused(log, problem, _current?.Id ?? "nothing");
        }

        (_seenETag, _problem, _refusedAt) = (etag, problem, clock.GetUtcNow());
        return outcome;
    }

    private void Swap(LoadedRelease? next) => Interlocked.Exchange(ref _current, next)?.Dispose();

    [LoggerMessage(1, LogLevel.Information, "Serving release {ReleaseId} with {ItemCount} items, loaded in {Milliseconds:F0} ms.")]
    private static partial void LogServing(ILogger log, string releaseId, int itemCount, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "{Problem} Serving goes on with {ReleaseId}.")]
    private static partial void LogRefused(ILogger log, string problem, string releaseId);
}

/// <summary>What a refresh found.</summary>
public enum RefreshOutcome
{
    /// <summary>The release that serves is the one current.json names, or was refused before.</summary>
    Unchanged,

    /// <summary>Another release serves now.</summary>
    Swapped,

    /// <summary>The release that current.json names was refused; <see cref="ReleaseHolder.Problem"/> says why.</summary>
    Refused,

    /// <summary>There is no current.json.</summary>
    NothingPublished,
}

/// <summary>No release is loaded, so nothing can be recommended yet.</summary>
public sealed class ReleaseNotLoadedException(string? problem)
    : Exception(problem is null ? "No release is loaded yet: train one, or wait until it is loaded." : $"No release is loaded: {problem}");
