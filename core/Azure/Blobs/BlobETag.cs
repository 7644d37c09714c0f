using Azure;
using Azure.Storage.Blobs.Models;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Azure.Blobs;

/// <summary>ETags as the port has them. Headers quote them, lists do not: without quotes both are the same.</summary>
internal static class BlobETag
{
    public static string Text(ETag etag) => etag.ToString().Trim('"');

    public static ETag Of(string text) => new($"\"{text}\"");

    public static BlobRequestConditions? Conditions(WriteCondition condition) => condition switch
    {
        { IfAbsent: true } => new BlobRequestConditions { IfNoneMatch = ETag.All },
        { IfMatch: { } etag } => new BlobRequestConditions { IfMatch = Of(etag) },
        _ => null,
    };
}
