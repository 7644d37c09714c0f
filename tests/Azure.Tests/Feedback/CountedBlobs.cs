using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Azure.Tests.Feedback;

/// <summary>Counts the lines that are appended.</summary>
internal sealed class CountedBlobs(IBlobStore blobs) : IBlobStore
{
    private int _lines;

    public int Lines => Volatile.Read(ref _lines);

    public async ValueTask<long> AppendAsync(string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken)
    {
        var position = await blobs.AppendAsync(path, content, expectedPosition, cancellationToken);
        Interlocked.Add(ref _lines, content.Span.Count((byte)'\n'));
        return position;
    }

    public ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken) => blobs.GetPropertiesAsync(path, cancellationToken);

    public ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken) => blobs.ReadAsync(path, cancellationToken);

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        blobs.ReadRangeAsync(path, offset, destination, cancellationToken);

    public ValueTask<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) => blobs.OpenReadAsync(path, cancellationToken);

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        blobs.WriteAsync(path, content, condition, cancellationToken);

    public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) => blobs.ListAsync(prefix, cancellationToken);

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken) => blobs.DeleteAsync(path, cancellationToken);

    public ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken) =>
        blobs.TryAcquireLeaseAsync(name, duration, cancellationToken);
}
