using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.CrashWriter;

/// <summary>Says every call before it is made, so that a test can kill between any two.</summary>
internal sealed class TracedBlobs(IBlobStore blobs) : IBlobStore
{
    private readonly Lock _saying = new();

    public ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken) =>
        Traced("properties", path).GetPropertiesAsync(path, cancellationToken);

    public ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken) => Traced("read", path).ReadAsync(path, cancellationToken);

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        Traced("range", path).ReadRangeAsync(path, offset, destination, cancellationToken);

    public ValueTask<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) => Traced("open", path).OpenReadAsync(path, cancellationToken);

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        Traced("write", path).WriteAsync(path, content, condition, cancellationToken);

    public ValueTask<long> AppendAsync(string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken) =>
        Traced("append", path).AppendAsync(path, content, expectedPosition, cancellationToken);

    public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) => Traced("list", prefix).ListAsync(prefix, cancellationToken);

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken) => Traced("delete", path).DeleteAsync(path, cancellationToken);

    public ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken) =>
        Traced("lease", name).TryAcquireLeaseAsync(name, duration, cancellationToken);

    private IBlobStore Traced(string call, string path)
    {
        lock (_saying)
        {
            Console.Out.WriteLine($"{call} {path}");
            Console.Out.Flush();
        }

        return blobs;
    }
}
