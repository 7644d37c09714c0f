using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Azure.Blobs;

/// <summary>A lease on an empty blob. The service's clock decides when it ends.</summary>
internal sealed class AzureBlobLease : IBlobLease
{
    /// <summary>Where lease blobs lie: no path of the port begins with a dot.</summary>
    public const string Folder = ".leases/";

    private readonly string _name;
    private readonly BlobLeaseClient _lease;

    private AzureBlobLease(string name, BlobLeaseClient lease) => (_name, _lease) = (name, lease);

    public static async Task<AzureBlobLease?> TryAcquireAsync(
        BlobContainerClient container, string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient(Folder + name);
        try
        {
            for (var isNew = false; ; isNew = true)
            {
                // The lease id is chosen here, so that a repeat of an acquisition that was done already gets the same lease.
                var lease = new AzureBlobLease(name, blob.GetBlobLeaseClient());
                try
                {
                    await lease._lease.AcquireAsync(duration, cancellationToken: cancellationToken).ConfigureAwait(false);
                    return lease;
                }
                catch (RequestFailedException held) when (held.Status == 409)
                {
                    return null;
                }
                catch (RequestFailedException missing) when (BlobFault.IsMissing(missing) && !isNew)
                {
                    await CreateAsync(blob, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(Folder + name, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _lease.RenewAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return false;
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(Folder + _name, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _lease.ReleaseAsync().ConfigureAwait(false);
        }
        catch (Exception fault) when (ServiceFault.Is(fault, CancellationToken.None))
        {
            // Lost already, or out of reach: then it ends by itself.
        }
    }

    private static async Task CreateAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var absent = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.UploadAsync(BinaryData.Empty, absent, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException created) when (created.Status is 409 or 412)
        {
            // Somebody else was first.
        }
    }
}
