using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Releases;

/// <summary>Which release folders the store holds.</summary>
/// <param name="Whole">Those with a manifest.</param>
/// <param name="Orphans">Those without: a publisher died, or a deletion did.</param>
internal sealed record ReleaseFolders(IReadOnlyCollection<string> Whole, IReadOnlyCollection<string> Orphans)
{
    public static async Task<ReleaseFolders> ReadAsync(IBlobStore blobs, CancellationToken cancellationToken)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        var whole = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in blobs.ListAsync(ReleasePaths.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (ReleasePaths.ReleaseOf(blob.Path) is not { } id)
            {
                continue;
            }

            all.Add(id);
            if (blob.Path == ReleasePaths.Manifest(id))
            {
                whole.Add(id);
            }
        }

        all.ExceptWith(whole);
        return new ReleaseFolders(whole, all);
    }

    /// <summary>Deletes a release: the manifest first, so that whoever dies in between leaves an orphan, not a damaged release.</summary>
    public static async Task DeleteAsync(IBlobStore blobs, string releaseId, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(ReleasePaths.Manifest(releaseId), cancellationToken).ConfigureAwait(false);
        var paths = new List<string>();
        await foreach (var blob in blobs.ListAsync(ReleasePaths.File(releaseId, ""), cancellationToken).ConfigureAwait(false))
        {
            paths.Add(blob.Path);
        }

        foreach (var path in paths)
        {
            await blobs.DeleteAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }
}
