using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Backups;

/// <summary>
/// Makes one store what another is: releases, catalogue log, archive, dead letters, users. Works between any two stores, so it is backup and
/// restore both. A repeated run copies what changed, and removes what is gone from the source, deleted users among it.
/// </summary>
/// <remarks>
/// Killed at any moment, the target's old release serves on or none does, and the next run completes the copy: current.json comes last. The
/// source may be in use; nobody may write to the target.
/// </remarks>
public sealed class StoreMirror(IBlobStore fromBlobs, IUserStore fromUsers, IBlobStore toBlobs, IUserStore toUsers)
{
    // Who reads which partition of a hub, and how far: it belongs to the running consumers of one store.
    private const string Consumers = "consumers/";

    /// <summary>Copies.</summary>
    /// <param name="cancellationToken">Stops between blobs and batches of users.</param>
    /// <exception cref="BlobStoreException">A store is away, or what was listed went away meanwhile: run it again.</exception>
    /// <exception cref="UserStoreException">A store is away: run it again.</exception>
    public async Task<MirroredStore> RunAsync(CancellationToken cancellationToken)
    {
        var pointer = await fromBlobs.ReadAsync(ReleasePaths.Current, cancellationToken).ConfigureAwait(false);
        var copy = new BlobCopy(fromBlobs, toBlobs);
        var paths = new HashSet<string>(StringComparer.Ordinal) { ReleasePaths.Current };
        var (copied, bytes) = (0, 0L);
        foreach (var blob in await ListAsync(fromBlobs, cancellationToken).ConfigureAwait(false))
        {
            paths.Add(blob.Path);
            if (blob.Path != ReleasePaths.Current && await copy.RunAsync(blob, cancellationToken).ConfigureAwait(false))
            {
                (copied, bytes) = (copied + 1, bytes + blob.Length);
            }
        }

        var users = await new UserCopy(fromUsers, toUsers).RunAsync(fromBlobs, cancellationToken).ConfigureAwait(false);
        if (pointer is not null)
        {
            using var content = new MemoryStream(pointer.Bytes.ToArray(), writable: false);
            await toBlobs.WriteAsync(ReleasePaths.Current, content, WriteCondition.None, cancellationToken).ConfigureAwait(false);
        }

        var removed = await RemoveAsync(paths, cancellationToken).ConfigureAwait(false);
        return new MirroredStore(copied, bytes, removed, users);
    }

    private static async Task<List<BlobProperties>> ListAsync(IBlobStore blobs, CancellationToken cancellationToken)
    {
        var list = new List<BlobProperties>();
        await foreach (var blob in blobs.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            if (!blob.Path.StartsWith(Consumers, StringComparison.Ordinal))
            {
                list.Add(blob);
            }
        }

        return list;
    }

    // Manifests first: a release without one is no release, whatever else of it is still there.
    private async Task<int> RemoveAsync(HashSet<string> kept, CancellationToken cancellationToken)
    {
        var gone = (await ListAsync(toBlobs, cancellationToken).ConfigureAwait(false)).Where(blob => !kept.Contains(blob.Path))
            .OrderByDescending(blob => blob.Path.EndsWith("/" + ReleasePaths.ManifestName, StringComparison.Ordinal)).ToList();
        foreach (var blob in gone)
        {
            await toBlobs.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false);
        }

        return gone.Count;
    }
}

/// <summary>What a copy did.</summary>
/// <param name="Blobs">Blobs that were written.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="RemovedBlobs">Blobs that the source has no more.</param>
/// <param name="Users">Rows that were written or removed.</param>
public sealed record MirroredStore(int Blobs, long Bytes, int RemovedBlobs, int Users);
