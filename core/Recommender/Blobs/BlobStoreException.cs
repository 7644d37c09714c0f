namespace ServerlessRec.Recommender.Blobs;

/// <summary>The blob store is away, refused the call or answered wrongly.</summary>
public class BlobStoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A read named a blob that does not exist.</summary>
public sealed class BlobNotFoundException(string path) : BlobStoreException($"There is no blob '{path}'.")
{
    /// <summary>The missing blob.</summary>
    public string Path { get; } = path;
}

/// <summary>A condition of a write or an append did not hold; nothing was written.</summary>
public sealed class BlobPreconditionException(string path, string reason) : BlobStoreException($"Blob '{path}' was not written: {reason}.")
{
    /// <summary>The blob that was not written.</summary>
    public string Path { get; } = path;
}
