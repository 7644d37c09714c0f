using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Buffers;
using BlobProperties = ServerlessRec.Recommender.Blobs.BlobProperties;

namespace ServerlessRec.Benchmarks.Load;

/// <summary>The peers: the same files into memory by concurrent range reads, and nothing else: no hash, no check, no index.</summary>
internal sealed class PlainDownload(IReadOnlyList<BlobProperties> files)
{
    private const int RangeBytes = 4 << 20;
    private const int RangesAtOnce = 6;

    /// <summary>Microsoft's own parallel download, all files at once.</summary>
    public Task BySdkAsync(BlobContainerClient container, CancellationToken cancellationToken) => Task.WhenAll(files.Select(async file =>
    {
        using var content = new MemoryStream((int)file.Length);
        var options = new BlobDownloadToOptions
        {
            TransferOptions = new StorageTransferOptions { MaximumConcurrency = RangesAtOnce, MaximumTransferSize = RangeBytes, InitialTransferSize = RangeBytes },
        };
        await container.GetBlobClient(file.Path).DownloadToAsync(content, options, cancellationToken);
        Require(file, content.Length);
    }));

    /// <summary>Range reads of the port straight into native memory, all files at once.</summary>
    public Task ByRangesAsync(IBlobStore blobs, CancellationToken cancellationToken) => Task.WhenAll(files.Select(async file =>
    {
        using var memory = new NativeBuffer(file.Length);
        var ranges = Enumerable.Range(0, (int)((file.Length + RangeBytes - 1) / RangeBytes)).Select(range => (long)range * RangeBytes);
        var total = 0L;
        await Parallel.ForEachAsync(ranges, new ParallelOptions { MaxDegreeOfParallelism = RangesAtOnce, CancellationToken = cancellationToken }, async (at, stop) =>
        {
            var part = memory.Memory(at, (int)Math.Min(RangeBytes, file.Length - at));
            Interlocked.Add(ref total, await blobs.ReadRangeAsync(file.Path, at, part, stop));
        });
        Require(file, total);
    }));

    private static void Require(BlobProperties file, long read)
    {
        if (read != file.Length)
        {
            throw new InvalidOperationException($"{read} bytes of {file.Path} were read; it has {file.Length}.");
        }
    }
}
