using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Recommender.Backups;

/// <summary>Copies single blobs, those that are there already only when they differ.</summary>
internal sealed class BlobCopy(IBlobStore from, IBlobStore to)
{
    private const int AppendBytes = 2 << 20;

    /// <summary>True: it was written.</summary>
    public async Task<bool> RunAsync(BlobProperties blob, CancellationToken cancellationToken)
    {
        var there = await to.GetPropertiesAsync(blob.Path, cancellationToken).ConfigureAwait(false);
        if (there is not null && there.Length == blob.Length
            && (blob.Path.StartsWith(ReleasePaths.Prefix, StringComparison.Ordinal) || await IsSameAsync(blob, cancellationToken).ConfigureAwait(false)))
        {
            // A release's files never change.
            return false;
        }

        if (there is not null)
        {
            // What was appended to cannot be written over, nor the other way round.
            await to.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false);
        }

        var content = await OpenAsync(from, blob, cancellationToken).ConfigureAwait(false);
        await using var _ = content.ConfigureAwait(false);
        if (CatalogueSegments.StartOf(blob.Path) is not null)
        {
            await AppendAsync(blob, content, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await to.WriteAsync(blob.Path, content, WriteCondition.None, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    // The log goes on where the copy ends; so it must be a blob that takes appends. Up to the length that was listed: a whole change.
    private async Task AppendAsync(BlobProperties blob, Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[AppendBytes];
        for (var at = 0L; at < blob.Length;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, blob.Length - at));
            await content.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
            at = await to.AppendAsync(blob.Path, part, at, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsSameAsync(BlobProperties blob, CancellationToken cancellationToken)
    {
        var ours = await OpenAsync(from, blob, cancellationToken).ConfigureAwait(false);
        await using var _ = ours.ConfigureAwait(false);
        var theirs = await OpenAsync(to, blob, cancellationToken).ConfigureAwait(false);
        await using var __ = theirs.ConfigureAwait(false);
        var (one, other) = (new byte[64 << 10], new byte[64 << 10]);
        while (true)
        {
            var read = await ours.ReadAtLeastAsync(one, one.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            var compared = await theirs.ReadAtLeastAsync(other, other.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (!one.AsSpan(0, read).SequenceEqual(other.AsSpan(0, compared)))
            {
                return false;
            }

            if (read < one.Length)
            {
                return true;
            }
        }
    }

    private static async Task<Stream> OpenAsync(IBlobStore store, BlobProperties blob, CancellationToken cancellationToken) =>
        await store.OpenReadAsync(blob.Path, cancellationToken).ConfigureAwait(false)
        ?? throw new BlobStoreException($"Blob '{blob.Path}' went away while it was copied: run the copy again.");
}
