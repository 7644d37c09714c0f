using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Azure.Blobs;

/// <summary>
/// Appends, each at a stated position: so a repeat of an append that was done already is refused and recognised, and never stands twice.
/// Where the caller states no position, the end that was seen last is tried. Thread-safe.
/// </summary>
internal sealed class AppendPositions(BlobContainerClient container)
{
    private const int MaxEnds = 4096;
    private const int MaxTries = 100;

    private readonly ConcurrentDictionary<string, long> _ends = new(StringComparer.Ordinal);

    public async ValueTask<long> AppendAsync(string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken)
    {
        var blob = container.GetAppendBlobClient(path);
        try
        {
            if (expectedPosition is { } expected)
            {
                return await AppendAtAsync(blob, content, expected, cancellationToken).ConfigureAwait(false)
                    ?? throw new BlobPreconditionException(path, $"it is not {expected} bytes long");
            }

            for (var attempt = 0; attempt < MaxTries; attempt++)
            {
                var end = _ends.TryGetValue(path, out var seen) ? seen : await LengthAsync(blob, cancellationToken).ConfigureAwait(false);
                if (await AppendAtAsync(blob, content, end, cancellationToken).ConfigureAwait(false) is { } position)
                {
                    Keep(path, position);
                    return position;
                }

                _ends.TryRemove(path, out _);
            }

            throw new BlobStoreException($"Blob '{path}': others appended to it in each of {MaxTries} tries.");
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw BlobFault.Of(path, fault);
        }
    }

    /// <summary>The position behind the content; null: the blob is not that long.</summary>
    private static async Task<long?> AppendAtAsync(AppendBlobClient blob, ReadOnlyMemory<byte> content, long position, CancellationToken cancellationToken)
    {
        if (content.IsEmpty)
        {
            return await LengthAsync(blob, cancellationToken).ConfigureAwait(false) == position ? position : null;
        }

        for (var isNew = false; ; isNew = true)
        {
            using var scope = SendCount.Start(out var sends);
            try
            {
                await blob.AppendBlockAsync(
                    new ReadOnlyMemoryStream(content),
                    new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = position } },
                    cancellationToken).ConfigureAwait(false);
                return position + content.Length;
            }
            catch (RequestFailedException missing) when (BlobFault.IsMissing(missing) && !isNew)
            {
                if (position != 0)
                {
                    return null;
                }

                await CreateAsync(blob, cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException refused) when (refused.Status == 412)
            {
                return sends.IsRepeated && await HoldsAsync(blob, content, position, cancellationToken).ConfigureAwait(false)
                    ? position + content.Length
                    : null;
            }
        }
    }

    private static async Task CreateAsync(AppendBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await blob.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException created) when (created.Status is 409 or 412)
        {
            // Somebody else was first.
        }
    }

    private static async Task<long> LengthAsync(AppendBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value.ContentLength;
        }
        catch (RequestFailedException missing) when (BlobFault.IsMissing(missing))
        {
            return 0;
        }
    }

    private static async Task<bool> HoldsAsync(AppendBlobClient blob, ReadOnlyMemory<byte> content, long position, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(position, content.Length) };
            var there = (await blob.DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value;
            return there.Content.ToMemory().Span.SequenceEqual(content.Span);
        }
        catch (RequestFailedException shorter) when (shorter.Status is 416 or 404)
        {
            return false;
        }
    }

    private void Keep(string path, long end)
    {
        if (_ends.Count >= MaxEnds)
        {
            _ends.Clear();
        }

        _ends[path] = end;
    }
}
