using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Releases;

/// <summary>Reads `current.json` and changes it under its ETag.</summary>
internal sealed class CurrentPointerFile(IBlobStore blobs)
{
    private const int Attempts = 16;

    /// <summary>The pointer; null when nothing was published yet.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public async Task<(CurrentPointer Pointer, string ETag)?> ReadAsync(CancellationToken cancellationToken)
    {
        var content = await blobs.ReadAsync(ReleasePaths.Current, cancellationToken).ConfigureAwait(false);
        return content is null ? null : (Parse(content), content.ETag);
    }

    /// <summary>
    /// Applies <paramref name="change"/> to the pointer (null: there is none or it is damaged) and writes the outcome, again and again until
    /// nobody else wrote in between. A change that returns null leaves the file as it is.
    /// </summary>
    /// <exception cref="ReleaseConflictException">Others kept writing.</exception>
    public async Task<CurrentPointer?> ChangeAsync(Func<CurrentPointer?, CurrentPointer?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var content = await blobs.ReadAsync(ReleasePaths.Current, cancellationToken).ConfigureAwait(false);
            if (change(content is null ? null : ParseOrNull(content)) is not { } changed)
            {
                return null;
            }

            try
            {
                using var bytes = new MemoryStream(ReleaseManifestJson.Write(changed), writable: false);
                var condition = content is null ? WriteCondition.MustNotExist : WriteCondition.Matches(content.ETag);
                await blobs.WriteAsync(ReleasePaths.Current, bytes, condition, cancellationToken).ConfigureAwait(false);
                return changed;
            }
            catch (BlobPreconditionException)
            {
                // Somebody else was faster: look again at what he wrote.
            }
        }

        throw new ReleaseConflictException($"{ReleasePaths.Current} was changed by others {Attempts} times in a row; try again.");
    }

    private static CurrentPointer Parse(BlobContent content)
    {
        try
        {
            return ReleaseManifestJson.ReadPointer(content.Bytes.Span);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{ReleasePaths.Current} is damaged: {e.Message}. Promote a release to write it anew.", e);
        }
    }

    private static CurrentPointer? ParseOrNull(BlobContent content)
    {
        try
        {
            return ReleaseManifestJson.ReadPointer(content.Bytes.Span);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
