using System.Globalization;
using System.Runtime.CompilerServices;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Contracts.InMemory;

/// <summary>A blob store in a dictionary, for tests and for measuring what stands in front of a store.</summary>
internal sealed class InMemoryBlobStore(TimeProvider clock) : IBlobStore
{
    private readonly TimeProvider _clock = clock;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Blob> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Lease> _leases = new(StringComparer.Ordinal);
    private long _version;

    public ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(Find(path)?.Properties(path));
        }
    }

    public ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(Find(path) is { } blob ? new BlobContent(blob.Bytes.ToArray(), blob.ETag) : null);
        }
    }

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var blob = Find(path) ?? throw new BlobNotFoundException(path);
            blob.Bytes.Position = Math.Min(offset, blob.Bytes.Length);
            return ValueTask.FromResult(blob.Bytes.Read(destination.Span));
        }
    }

    public async ValueTask<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        await ReadAsync(path, cancellationToken) is { } blob ? new MemoryStream(blob.Bytes.ToArray()) : null;

    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        lock (_gate)
        {
            var present = Find(path);
            if ((condition.IfAbsent && present is not null) || (condition.IfMatch is { } etag && present?.ETag != etag))
            {
                throw new BlobPreconditionException(path, "the condition did not hold");
            }

            return (_blobs[path] = new Blob(bytes, NextETag(), _clock.GetUtcNow())).ETag;
        }
    }

    public ValueTask<long> AppendAsync(
        string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var bytes = Find(path)?.Bytes ?? new MemoryStream();
            if (expectedPosition is { } expected && expected != bytes.Length)
            {
                throw new BlobPreconditionException(path, "it has another length");
            }

            bytes.Position = bytes.Length;
            bytes.Write(content.Span);
            _blobs[path] = new Blob(bytes, NextETag(), _clock.GetUtcNow());
            return ValueTask.FromResult(bytes.Length);
        }
    }

    public async IAsyncEnumerable<BlobProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        BlobProperties[] found;
        lock (_gate)
        {
            found = [.. _blobs.Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(blob => blob.Value.Properties(blob.Key))];
        }

        foreach (var blob in found)
        {
            yield return blob;
        }
    }

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_blobs.Remove(BlobPath.Validate(path)));
        }
    }

    public ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromSeconds(15));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromSeconds(60));
        lock (_gate)
        {
            if (_leases.TryGetValue(name, out var held) && held.End > _clock.GetUtcNow())
            {
                return ValueTask.FromResult<IBlobLease?>(null);
            }

            return ValueTask.FromResult<IBlobLease?>(_leases[name] = new Lease(this, name, duration) { End = _clock.GetUtcNow() + duration });
        }
    }

    private Blob? Find(string path) => _blobs.GetValueOrDefault(BlobPath.Validate(path));

    private string NextETag() => (++_version).ToString(CultureInfo.InvariantCulture);

    private sealed record Blob(MemoryStream Bytes, string ETag, DateTimeOffset Modified)
    {
        public BlobProperties Properties(string path) => new(path, Bytes.Length, ETag, Modified);
    }

    private sealed class Lease(InMemoryBlobStore store, string name, TimeSpan duration) : IBlobLease
    {
        public DateTimeOffset End { get; set; }

        public ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken)
        {
            lock (store._gate)
            {
                var isMine = store._leases.GetValueOrDefault(name) == this;
                End = isMine ? store._clock.GetUtcNow() + duration : End;
                return ValueTask.FromResult(isMine);
            }
        }

        public ValueTask DisposeAsync()
        {
            lock (store._gate)
            {
                if (store._leases.GetValueOrDefault(name) == this)
                {
                    store._leases.Remove(name);
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
