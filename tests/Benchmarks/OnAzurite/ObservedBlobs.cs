using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Benchmarks.OnAzurite;

/// <summary>Times what the live loop does with blobs: lines for the archive, and checkpoints.</summary>
internal sealed class ObservedBlobs(IBlobStore blobs) : IBlobStore
{
    public StageTimes Appends { get; } = new();

    public StageTimes Writes { get; } = new();

    public ValueTask<long> AppendAsync(string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken) =>
        Appends.OfAsync(content.Span.Count((byte)'\n'), () => blobs.AppendAsync(path, content, expectedPosition, cancellationToken));

    public ValueTask<string> WriteAsync(string path, System.IO.Stream content, WriteCondition condition, CancellationToken cancellationToken) =>
        Writes.OfAsync(1, () => blobs.WriteAsync(path, content, condition, cancellationToken));

    public ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken) => blobs.GetPropertiesAsync(path, cancellationToken);

    public ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken) => blobs.ReadAsync(path, cancellationToken);

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        blobs.ReadRangeAsync(path, offset, destination, cancellationToken);

    public ValueTask<System.IO.Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) => blobs.OpenReadAsync(path, cancellationToken);

    public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) => blobs.ListAsync(prefix, cancellationToken);

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken) => blobs.DeleteAsync(path, cancellationToken);

    public ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken) =>
        blobs.TryAcquireLeaseAsync(name, duration, cancellationToken);
}
