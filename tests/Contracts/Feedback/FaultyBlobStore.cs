using System.Runtime.CompilerServices;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Contracts.Feedback;

/// <summary>A blob store whose calls meet their fates.</summary>
internal sealed class FaultyBlobStore(IBlobStore store, Fates fates) : IBlobStore
{
    public ValueTask<long> AppendAsync(
        string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken) =>
        fates.Call(() => store.AppendAsync(path, content, expectedPosition, cancellationToken), Fault);

    public ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken) =>
        fates.Call(() => store.GetPropertiesAsync(path, cancellationToken), Fault);

    public ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken) =>
        fates.Call(() => store.ReadAsync(path, cancellationToken), Fault);

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        fates.Call(() => store.ReadRangeAsync(path, offset, destination, cancellationToken), Fault);

    public ValueTask<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        fates.Call(() => store.OpenReadAsync(path, cancellationToken), Fault);

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        fates.Call(() => store.WriteAsync(path, content, condition, cancellationToken), Fault);

    public async IAsyncEnumerable<BlobProperties> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var blob in await fates.Call(async () => await store.ListAsync(prefix, cancellationToken).ToListAsync(cancellationToken), Fault))
        {
            yield return blob;
        }
    }

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken) =>
        fates.Call(() => store.DeleteAsync(path, cancellationToken), Fault);

    public async ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        IBlobLease? lease = null;
        try
        {
            return await fates.Call(async () => lease = await store.TryAcquireLeaseAsync(name, duration, cancellationToken), Fault);
        }
        catch (Exception) when (lease is not null)
        {
            // A lease that nobody knows of ends after its duration; no time passes here, so it ends now.
            await lease.DisposeAsync();
            throw;
        }
    }

    private static BlobStoreException Fault(string what) => new(what);
}
