using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Recommender.Blobs;
using BlobProperties = ServerlessRec.Recommender.Blobs.BlobProperties;

namespace ServerlessRec.Azure.Blobs;

/// <summary>
/// <see cref="IBlobStore"/> in one container of a storage account. Small blobs are written in one request, large ones in blocks that become
/// the blob at once; logs are append blobs; leases are leases on empty blobs below `.leases/`, which no list shows.
/// </summary>
/// <remarks>
/// The client repeats what got no answer. A repeat that is refused because the first sending was done counts as done: writes carry an id in
/// their metadata, appends name their position. Thread-safe.
/// </remarks>
public sealed class AzureBlobStore : IBlobStore
{
    private const int BlockBytes = 8 << 20;
    private const string WriteId = "write";

    private readonly BlobContainerClient _container;
    private readonly AppendPositions _appends;

    internal AzureBlobStore(BlobContainerClient container)
    {
        _container = container;
        _appends = new AppendPositions(container);
    }

    /// <inheritdoc/>
    public async ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken)
    {
        var blob = Blob(path);
        try
        {
            var found = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
            return new(path, found.ContentLength, BlobETag.Text(found.ETag), found.LastModified);
        }
        catch (RequestFailedException missing) when (BlobFault.IsMissing(missing))
        {
            return null;
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(path, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var blob = Blob(path);
        try
        {
            var read = (await blob.DownloadContentAsync(cancellationToken).ConfigureAwait(false)).Value;
            return new(read.Content.ToMemory(), BlobETag.Text(read.Details.ETag));
        }
        catch (RequestFailedException missing) when (BlobFault.IsMissing(missing))
        {
            return null;
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(path, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var blob = Blob(path);
        try
        {
            var range = new HttpRange(offset, Math.Max(1, destination.Length));
            using var read = (await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = range }, cancellationToken).ConfigureAwait(false)).Value;
            return await read.Content.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException behind) when (behind.Status == 416)
        {
            return 0;
        }
        catch (RequestFailedException missing) when (BlobFault.IsMissing(missing))
        {
            throw new BlobNotFoundException(path);
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(path, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken)
    {
        var blob = Blob(path);
        try
        {
            var read = (await blob.DownloadStreamingAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
            return new BlobReadStream(path, read.Content);
        }
        catch (RequestFailedException missing) when (BlobFault.IsMissing(missing))
        {
            return null;
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(path, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var blob = Blob(path);
        var id = Guid.NewGuid().ToString("N");
        var options = new BlobUploadOptions
        {
            Conditions = BlobETag.Conditions(condition),
            Metadata = new Dictionary<string, string>(1) { [WriteId] = id },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 4 },
        };
        try
        {
            return BlobETag.Text((await blob.UploadAsync(content, options, cancellationToken).ConfigureAwait(false)).Value.ETag);
        }
        catch (RequestFailedException refused) when (BlobFault.IsRefused(refused))
        {
            return await OwnWriteAsync(blob, id, cancellationToken).ConfigureAwait(false)
                ?? throw new BlobPreconditionException(path, condition.IfAbsent ? "it exists already" : "it is not at the expected version any more");
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(path, fault);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> AppendAsync(string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken)
    {
        BlobPath.Validate(path);
        return _appends.AppendAsync(path, content, expectedPosition, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await using var pages = _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken).AsPages()
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(pages, prefix, cancellationToken).ConfigureAwait(false))
        {
            foreach (var blob in pages.Current.Values)
            {
                if (!blob.Name.StartsWith(AzureBlobLease.Folder, StringComparison.Ordinal))
                {
                    yield return new(
                        blob.Name, blob.Properties.ContentLength ?? 0, BlobETag.Text(blob.Properties.ETag ?? default), blob.Properties.LastModified ?? default);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        var blob = Blob(path);
        try
        {
            return (await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(path, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        BlobPath.Validate(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromSeconds(15));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromSeconds(60));
        return await AzureBlobLease.TryAcquireAsync(_container, name, duration, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<Page<BlobItem>> pages, string prefix, CancellationToken cancellationToken)
    {
        try
        {
            return await pages.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(prefix + "*", fault);
        }
    }

    // Null: what is there was written by somebody else.
    private static async Task<string?> OwnWriteAsync(BlobClient blob, string id, CancellationToken cancellationToken)
    {
        try
        {
            var there = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
            return there.Metadata.TryGetValue(WriteId, out var found) && found == id ? BlobETag.Text(there.ETag) : null;
        }
        catch (RequestFailedException missing) when (BlobFault.IsMissing(missing))
        {
            return null;
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(blob.Name, fault);
        }
    }

    private BlobClient Blob(string path) => _container.GetBlobClient(BlobPath.Validate(path));
}
