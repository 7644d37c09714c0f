using System.Security.Cryptography;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Releases;

/// <summary>
/// Publishes, lists, promotes, rolls back and prunes releases (docs/formats/release.md). Files are written first, then the manifest, then
/// `current.json` under its ETag: whoever dies in between leaves nothing half published, and the next publisher clears what he left.
/// Thread-safe, across processes too.
/// </summary>
public sealed class ReleaseStore(IBlobStore blobs, TimeProvider clock)
{
    private const int PreviousKept = 10;
    private const string LeaseName = "release-publish";

    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromMinutes(2);

    private readonly CurrentPointerFile _current = new(blobs);

    /// <summary>Builds the files of a draft, publishes them as a new release and promotes it.</summary>
    /// <param name="draft">What to publish.</param>
    /// <param name="progress">Told what is being done, for people.</param>
    /// <param name="cancellationToken">Stops without a half-published release.</param>
    /// <exception cref="ArgumentException">The draft contradicts itself.</exception>
    /// <exception cref="ReleaseConflictException">Another publisher was in the way for too long, or a release other than
    /// <see cref="ReleaseDraft.OnlyOver"/> serves now.</exception>
    public async Task<ReleaseManifest> PublishAsync(ReleaseDraft draft, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        using var files = ReleaseFileSet.Build(draft, progress, cancellationToken);
        return await PublishAsync(files, draft, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The pointer; null when nothing was published yet.</summary>
    /// <exception cref="InvalidDataException">current.json is damaged.</exception>
    public async Task<CurrentPointer?> ReadCurrentAsync(CancellationToken cancellationToken = default) =>
        (await _current.ReadAsync(cancellationToken).ConfigureAwait(false))?.Pointer;

    /// <summary>One release's manifest.</summary>
    /// <exception cref="ReleaseNotFoundException">There is no such release.</exception>
    /// <exception cref="ReleaseDamagedException">The manifest is damaged.</exception>
    public async Task<ReleaseManifest> ReadManifestAsync(string releaseId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(releaseId);
        var content = ReleasePaths.IsReleaseId(releaseId)
            ? await blobs.ReadAsync(ReleasePaths.Manifest(releaseId), cancellationToken).ConfigureAwait(false)
            : null;
        if (content is null)
        {
            throw new ReleaseNotFoundException($"There is no release '{releaseId}'.");
        }

        try
        {
            var manifest = ReleaseManifestJson.Read(content.Bytes.Span);
            return manifest.Id == releaseId ? manifest : throw new InvalidDataException($"it is that of release '{manifest.Id}'");
        }
        catch (InvalidDataException e)
        {
            throw new ReleaseDamagedException(releaseId, ReleasePaths.ManifestName, e.Message, e);
        }
    }

    /// <summary>All releases that have a manifest, newest first; damaged ones with their problem.</summary>
    public async Task<IReadOnlyList<ReleaseListing>> ListAsync(CancellationToken cancellationToken = default)
    {
        var current = await _current.ReadAsync(cancellationToken).ConfigureAwait(false);
        var folders = await ReleaseFolders.ReadAsync(blobs, cancellationToken).ConfigureAwait(false);
        var releases = new List<ReleaseListing>();
        foreach (var id in folders.Whole.OrderDescending(StringComparer.Ordinal))
        {
            try
            {
                releases.Add(new ReleaseListing(id, await ReadManifestAsync(id, cancellationToken).ConfigureAwait(false), null, id == current?.Pointer.Current));
            }
            catch (ReleaseDamagedException e)
            {
                releases.Add(new ReleaseListing(id, null, e.Message, id == current?.Pointer.Current));
            }
            catch (ReleaseNotFoundException)
            {
                // Pruned while we listed.
            }
        }

        return releases;
    }

    /// <summary>Makes a release the one that serves, after checking that all its files are there.</summary>
    /// <exception cref="ReleaseNotFoundException">There is no such release.</exception>
    /// <exception cref="ReleaseDamagedException">A file is missing or has another length, or the manifest is damaged.</exception>
    /// <exception cref="ReleaseConflictException">Others kept writing the pointer.</exception>
    public async Task<ReleaseManifest> PromoteAsync(string releaseId, CancellationToken cancellationToken = default)
    {
        var manifest = await ReadManifestAsync(releaseId, cancellationToken).ConfigureAwait(false);
        await CheckFilesAsync(manifest, cancellationToken).ConfigureAwait(false);
        await _current.ChangeAsync(pointer => Promote(pointer, releaseId), cancellationToken).ConfigureAwait(false);
        return manifest;
    }

    /// <summary>Goes back to the release that served before; the one rolled back stays in the store and can be promoted again.</summary>
    /// <exception cref="ReleaseNotFoundException">There is none to go back to.</exception>
    /// <exception cref="ReleaseDamagedException">The previous release is not whole.</exception>
    /// <exception cref="ReleaseConflictException">Others kept writing the pointer.</exception>
    public async Task<ReleaseManifest> RollbackAsync(CancellationToken cancellationToken = default)
    {
        var read = await _current.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (read?.Pointer is not { Previous: [var target, ..] } from)
        {
            throw new ReleaseNotFoundException("There is no previous release to roll back to.");
        }

        var manifest = await ReadManifestAsync(target, cancellationToken).ConfigureAwait(false);
        await CheckFilesAsync(manifest, cancellationToken).ConfigureAwait(false);

        // Two people rolling back at once roll back one release, not two.
        await _current.ChangeAsync(
            pointer => pointer?.Current == from.Current ? new CurrentPointer { Current = target, Previous = [.. pointer.Previous.Where(id => id != target)] } : null,
            cancellationToken).ConfigureAwait(false);
        return manifest;
    }

    /// <summary>
    /// Deletes what nobody needs: folders without a manifest, and whole releases other than the current one, the
    /// <paramref name="keep"/> newest previous ones and the <paramref name="keep"/> newest of all. Returns the ids deleted.
    /// </summary>
    /// <exception cref="ReleaseConflictException">Another publisher was in the way for too long.</exception>
    public async Task<IReadOnlyList<string>> PruneAsync(int keep = 3, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        var lease = await AcquireAsync(null, cancellationToken).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        var folders = await ReleaseFolders.ReadAsync(blobs, both.Token).ConfigureAwait(false);
        var pointer = (await _current.ReadAsync(both.Token).ConfigureAwait(false))?.Pointer;
        var needed = folders.Whole.OrderDescending(StringComparer.Ordinal).Take(keep).ToHashSet(StringComparer.Ordinal);
        if (pointer is not null)
        {
            needed.UnionWith(pointer.Previous.Take(keep).Append(pointer.Current));
        }

        var doomed = folders.Orphans.Concat(folders.Whole.Where(id => !needed.Contains(id))).ToList();
        foreach (var id in doomed)
        {
            await ReleaseFolders.DeleteAsync(blobs, id, both.Token).ConfigureAwait(false);
        }

        await _current.ChangeAsync(p => p is null ? null : WithoutReleases(p, doomed), both.Token).ConfigureAwait(false);
        return doomed;
    }

    private static CurrentPointer? WithoutReleases(CurrentPointer pointer, List<string> doomed) =>
        pointer.Previous.Any(doomed.Contains) ? pointer with { Previous = [.. pointer.Previous.Where(id => !doomed.Contains(id))] } : null;

    private static CurrentPointer? Promote(CurrentPointer? pointer, string releaseId)
    {
        if (pointer is null)
        {
            return new CurrentPointer { Current = releaseId };
        }

        return pointer.Current == releaseId
            ? null
            : new CurrentPointer
            {
                Current = releaseId,
                Previous = [.. pointer.Previous.Prepend(pointer.Current).Where(id => id != releaseId).Take(PreviousKept)],
            };
    }

    private async Task PromoteNewAsync(string releaseId, string? onlyOver, CancellationToken cancellationToken)
    {
        var found = onlyOver;
        var changed = await _current.ChangeAsync(
            pointer =>
            {
                found = pointer?.Current;
                return onlyOver is null || found == onlyOver ? Promote(pointer, releaseId) : null;
            },
            cancellationToken).ConfigureAwait(false);
        if (changed is null)
        {
            throw new ReleaseConflictException(
                $"Release '{releaseId}' was published but not promoted: it was made from '{onlyOver}', and meanwhile '{found}' was promoted.");
        }
    }

    private async Task<HeldLease> AcquireAsync(IProgress<string>? progress, CancellationToken cancellationToken) =>
        await HeldLease.AcquireAsync(blobs, LeaseName, LeaseDuration, WaitForOthers, clock, progress, cancellationToken).ConfigureAwait(false)
        ?? throw new ReleaseConflictException($"Another publisher has been at work for {WaitForOthers}; nothing was published. Try again later.");

    private async Task<ReleaseManifest> PublishAsync(
        ReleaseFileSet files, ReleaseDraft draft, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var lease = await AcquireAsync(progress, cancellationToken).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        try
        {
            foreach (var orphan in (await ReleaseFolders.ReadAsync(blobs, both.Token).ConfigureAwait(false)).Orphans)
            {
                progress?.Report($"clearing {orphan}, left by a publisher that did not finish");
                await ReleaseFolders.DeleteAsync(blobs, orphan, both.Token).ConfigureAwait(false);
            }

            var now = clock.GetUtcNow();
            var manifest = new ReleaseManifest
            {
                Format = ReleaseManifest.CurrentFormat,
                Id = $"{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
                CreatedAt = now,
                Origin = draft.Origin,
                TowerVersion = files.TowerVersion,
                Dimensions = draft.Features.Dimensions,
                ItemCount = draft.Items.Count,
                CatalogueLogPosition = draft.CatalogueLogPosition,
                EfSearch = files.EfSearch,
                Ranker = draft.RankerSpec,
                Files = [.. files.Files.Select(f => f.File)],
                Metrics = draft.Metrics,
                Notes = draft.Notes,
            };
            await WriteAsync(files, manifest, progress, both.Token).ConfigureAwait(false);
            progress?.Report($"promoting {manifest.Id}");
            await CheckFilesAsync(manifest, both.Token).ConfigureAwait(false);
            await PromoteNewAsync(manifest.Id, draft.OnlyOver, both.Token).ConfigureAwait(false);
            return manifest;
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ReleaseConflictException("The right to publish was lost to another publisher; nothing was published. Try again.");
        }
    }

    private async Task WriteAsync(ReleaseFileSet files, ReleaseManifest manifest, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        foreach (var (file, content) in files.Files)
        {
            progress?.Report($"writing {file.Name}, {file.Length:N0} bytes");
            content.Position = 0;
            await blobs.WriteAsync(ReleasePaths.File(manifest.Id, file.Name), content, WriteCondition.MustNotExist, cancellationToken).ConfigureAwait(false);
        }

        using var bytes = new MemoryStream(ReleaseManifestJson.Write(manifest), writable: false);
        await blobs.WriteAsync(ReleasePaths.Manifest(manifest.Id), bytes, WriteCondition.MustNotExist, cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckFilesAsync(ReleaseManifest manifest, CancellationToken cancellationToken)
    {
        foreach (var file in manifest.Files)
        {
            var found = await blobs.GetPropertiesAsync(ReleasePaths.File(manifest.Id, file.Name), cancellationToken).ConfigureAwait(false);
            if (found?.Length != file.Length)
            {
                throw new ReleaseDamagedException(manifest.Id, file.Name, found is null ? "it is missing" : $"it is {found.Length} bytes long, not {file.Length}");
            }
        }
    }
}
