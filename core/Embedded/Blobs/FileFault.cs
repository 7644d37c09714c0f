using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>Turns errors of the file system into the port's own, with the blob's path.</summary>
internal static class FileFault
{
    public static async ValueTask<T> TellAsync<T>(string path, Func<ValueTask<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException($"Blob '{path}': {error.Message}", error);
        }
    }
}
