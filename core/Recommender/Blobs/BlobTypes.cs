namespace ServerlessRec.Recommender.Blobs;

/// <summary>What a store says of a blob without reading it.</summary>
/// <param name="Path">The blob's path.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ETag">Opaque; changes with every write.</param>
/// <param name="LastModified">Time of the last write (UTC).</param>
public sealed record BlobProperties(string Path, long Length, string ETag, DateTimeOffset LastModified);

/// <summary>A small blob's bytes and the ETag they were read at.</summary>
public sealed record BlobContent(ReadOnlyMemory<byte> Bytes, string ETag);

/// <summary>When a write may happen.</summary>
/// <param name="IfMatch">Only when the blob has this ETag.</param>
/// <param name="IfAbsent">Only when there is no such blob.</param>
public readonly record struct WriteCondition(string? IfMatch, bool IfAbsent)
{
    /// <summary>Write whatever is there.</summary>
    public static WriteCondition None => default;

    /// <summary>Write only a blob that does not exist yet.</summary>
    public static WriteCondition MustNotExist => new(null, true);

    /// <summary>Write only over the version with this ETag.</summary>
    public static WriteCondition Matches(string etag) => new(etag, false);
}
