namespace ServerlessRec.Recommender.Blobs;

/// <summary>
/// Port: a blob store with ETags, conditional writes, append blobs, range reads and leases; the subset of
/// Azure Blob Storage that the release store, the catalogue log, the feedback archive, dead letters and parking need.
/// Paths keep the rules of <see cref="BlobPath"/>; they are case-sensitive. A blob is either written whole or appended to, never both.
/// </summary>
/// <remarks>Implementations are safe for any number of concurrent callers, in this process and in others. A write that
/// returned is durable. Every method throws <see cref="BlobStoreException"/> when the store is away or answers wrongly.</remarks>
public interface IBlobStore
{
    /// <summary>Length and ETag of a blob; null when there is none.</summary>
    ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken);

    /// <summary>A whole small blob with the ETag it was read at; null when there is none.</summary>
    ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Fills <paramref name="destination"/> from <paramref name="offset"/> (bytes). Returns the bytes read, fewer than asked only at
    /// the end of the blob. Concurrent range reads of one blob are expected.
    /// </summary>
    /// <exception cref="BlobNotFoundException">There is no such blob.</exception>
    ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Opens a blob for one sequential read; null when there is none. The caller disposes the stream.</summary>
    ValueTask<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a whole blob atomically: readers see the old bytes or the new ones, never a part. Returns the new ETag.
    /// </summary>
    /// <exception cref="BlobPreconditionException">The condition did not hold; nothing was written.</exception>
    ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// Appends bytes to an append blob, creating it when missing. With <paramref name="expectedPosition"/> the append happens only when
    /// the blob is exactly that long. Returns the position after the append.
    /// </summary>
    /// <exception cref="BlobPreconditionException">The blob has another length than expected; nothing was appended.</exception>
    ValueTask<long> AppendAsync(string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken);

    /// <summary>Blobs whose path starts with <paramref name="prefix"/>, in ordinal order of their paths.</summary>
    IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; false when there was none.</summary>
    ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the lease named <paramref name="name"/> for <paramref name="duration"/> (15–60 s); null while somebody else holds it. The holder
    /// renews it in time; a holder that dies loses it when it expires.
    /// </summary>
    ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken);
}
