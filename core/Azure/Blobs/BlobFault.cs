using Azure;
using Azure.Storage.Blobs.Models;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Azure.Blobs;

/// <summary>What the blob service's answers mean.</summary>
internal static class BlobFault
{
    /// <summary>There is no such blob. A container that is missing is no such case: nothing works without it.</summary>
    public static bool IsMissing(RequestFailedException fault) => fault.Status == 404 && fault.ErrorCode != BlobErrorCode.ContainerNotFound;

    /// <summary>A condition did not hold. Put-if-absent on a blob that is there gives 409 from some versions of the service.</summary>
    public static bool IsRefused(RequestFailedException fault) =>
        fault.Status == 412 || (fault.Status == 409 && fault.ErrorCode == BlobErrorCode.BlobAlreadyExists);

    /// <summary>The port's exception.</summary>
    public static BlobStoreException Of(string path, Exception fault) => new($"Blob '{path}': {ServiceFault.Describe(fault)}.", fault);
}
