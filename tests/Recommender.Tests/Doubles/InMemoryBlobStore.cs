using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Tests.Doubles;

/// <summary>The blob port in memory; <see cref="BeforeCall"/> and <see cref="AfterWrite"/> let a test kill or disturb a caller between any two I/O calls.</summary>
internal sealed class InMemoryBlobStore : IBlobStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (byte[] Bytes, string ETag)> _blobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, object> _leases = [];
    private int _version;

    public Action<string, string>? BeforeCall { get; set; }

    public Action<string, string>? AfterWrite { get; set; }

    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_lock)
            {
                return [.. _blobs.Keys];
            }
        }
    }

    public byte[] Get(string path)
    {
        lock (_lock)
        {
            return _blobs[path].Bytes;
        }
    }

    public void Put(string path, byte[] bytes)
    {
        lock (_lock)
        {
            _blobs[path] = (bytes, NextETag());
        }
    }

    /// <summary>What time does to the leases of a process that died.</summary>
    public void ExpireLeases() => _leases.Clear();

    public ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken)
    {
        Enter("properties", path, cancellationToken);
        lock (_lock)
        {
            return new(_blobs.TryGetValue(path, out var blob) ? Properties(path, blob) : null);
        }
    }

    public ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        Enter("read", path, cancellationToken);
        lock (_lock)
        {
            return new(_blobs.TryGetValue(path, out var blob) ? new BlobContent(blob.Bytes, blob.ETag) : null);
        }
    }

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Enter("range", path, cancellationToken);
        byte[] bytes;
        lock (_lock)
        {
            bytes = _blobs.TryGetValue(path, out var blob) ? blob.Bytes : throw new BlobNotFoundException(path);
        }

        var count = (int)Math.Clamp(bytes.Length - offset, 0, destination.Length);
        bytes.AsMemory((int)Math.Min(offset, bytes.Length), count).CopyTo(destination);
        return new(count);
    }

    public ValueTask<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken)
    {
        Enter("open", path, cancellationToken);
        lock (_lock)
        {
            return new(_blobs.TryGetValue(path, out var blob) ? new MemoryStream(blob.Bytes, writable: false) : null);
        }
    }

    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        Enter("write", path, cancellationToken);
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        string etag;
        lock (_lock)
        {
            var exists = _blobs.TryGetValue(path, out var blob);
            if ((condition.IfAbsent && exists) || (condition.IfMatch is { } wanted && (!exists || blob.ETag != wanted)))
            {
                throw new BlobPreconditionException(path, "its ETag is another");
            }

            etag = NextETag();
            _blobs[path] = (copy.ToArray(), etag);
        }

        AfterWrite?.Invoke("write", path);
        return etag;
    }

    public ValueTask<long> AppendAsync(string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken)
    {
        Enter("append", path, cancellationToken);
        long position;
        lock (_lock)
        {
            var bytes = _blobs.TryGetValue(path, out var blob) ? blob.Bytes : [];
            if (expectedPosition is { } expected && bytes.Length != expected)
            {
                throw new BlobPreconditionException(path, $"it is {bytes.Length} bytes long, not {expected}");
            }

            _blobs[path] = ([.. bytes, .. content.Span], NextETag());
            position = bytes.Length + content.Length;
        }

        AfterWrite?.Invoke("append", path);
        return new(position);
    }

    public async IAsyncEnumerable<BlobProperties> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Enter("list", prefix, cancellationToken);
        List<BlobProperties> found;
        lock (_lock)
        {
            found = [.. _blobs.Where(b => b.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(b => Properties(b.Key, b.Value))];
        }

        await Task.Yield();
        foreach (var blob in found)
        {
            yield return blob;
        }
    }

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Enter("delete", path, cancellationToken);
        bool deleted;
        lock (_lock)
        {
            deleted = _blobs.Remove(path);
        }

        AfterWrite?.Invoke("delete", path);
        return new(deleted);
    }

    public ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        Enter("lease", name, cancellationToken);
        var lease = new Lease(this, name);
        return new(_leases.TryAdd(name, lease) ? lease : null);
    }

    private void Enter(string call, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeforeCall?.Invoke(call, path);
    }

    private static BlobProperties Properties(string path, (byte[] Bytes, string ETag) blob) => new(path, blob.Bytes.Length, blob.ETag, DateTimeOffset.UnixEpoch);

    private string NextETag() => (++_version).ToString(CultureInfo.InvariantCulture);

    private sealed class Lease(InMemoryBlobStore store, string name) : IBlobLease
    {
        public ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken)
        {
            store.Enter("renew", name, cancellationToken);
            return new(store._leases.TryGetValue(name, out var holder) && holder == this);
        }

        public ValueTask DisposeAsync()
        {
            store._leases.TryRemove(new(name, this));
            return ValueTask.CompletedTask;
        }
    }
}
