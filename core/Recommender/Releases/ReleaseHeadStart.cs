using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Releases;

/// <summary>
/// The load of the release that current.json names, begun as soon as blobs can be read, while the rest of the process starts.
/// <see cref="ReleaseHolder"/> takes it over in its first look. Disposing gives up what nobody took. Thread-safe.
/// </summary>
public sealed class ReleaseHeadStart : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task<Loaded?>? _load;

    private ReleaseHeadStart(IBlobStore blobs, TimeProvider clock) => _load = Task.Run(() => LoadAsync(blobs, clock, _stop.Token));

    /// <summary>Begins; returns at once.</summary>
    public static ReleaseHeadStart Begin(IBlobStore blobs, TimeProvider clock) => new(blobs, clock);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _load, null) is { } load)
        {
            (await load.ConfigureAwait(false))?.Release.Dispose();
        }

        _stop.Dispose();
    }

    /// <summary>Hands the release over, once, when it is the one asked for; the caller owns the reference. Null: the caller loads it.</summary>
    internal async Task<Loaded?> TakeAsync(string releaseId, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _load, null) is not { } load)
        {
            return null;
        }

        // Whoever stops waiting stops the load, so that its memory is freed.
        Loaded? loaded;
        using (cancellationToken.Register(_stop.Cancel))
        {
            loaded = await load.ConfigureAwait(false);
        }

        if (loaded is { } early && (cancellationToken.IsCancellationRequested || early.Release.Id != releaseId))
        {
            early.Release.Dispose();
            loaded = null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return loaded;
    }

    private static async Task<Loaded?> LoadAsync(IBlobStore blobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            if (await blobs.ReadAsync(ReleasePaths.Current, cancellationToken).ConfigureAwait(false) is not { } content)
            {
                return null;
            }

            var pointer = ReleaseManifestJson.ReadPointer(content.Bytes.Span);
            var release = await new ReleaseLoader(blobs).LoadAsync(pointer.Current, cancellationToken: cancellationToken).ConfigureAwait(false);
            return new Loaded(release, clock.GetElapsedTime(started));
        }
        catch (Exception e) when (e is InvalidDataException or ReleaseDamagedException or ReleaseNotFoundException or BlobStoreException or OperationCanceledException)
        {
            // The holder's own look meets the same failure, tells it and falls back.
            return null;
        }
    }

    /// <summary>A release and how long it took to load.</summary>
    internal readonly record struct Loaded(LoadedRelease Release, TimeSpan Took);
}
