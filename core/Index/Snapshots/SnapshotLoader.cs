using ServerlessRec.Index.Memory;

namespace ServerlessRec.Index.Snapshots;

/// <summary>Reads a snapshot straight into native memory, in ranges as large as the reader can take, and then compares its checksums.</summary>
internal static class SnapshotLoader
{
    private const int LargestRange = 1 << 30;

    public static async ValueTask<SnapshotImage> LoadAsync(long length, RangeReader read, CancellationToken cancellationToken)
    {
        if (length < SnapshotHeader.Bytes)
            throw new SnapshotFormatException("header", 0, $"the file has {length} bytes, fewer than the header's {SnapshotHeader.Bytes}.");
        // Every byte is written by the reader, so clearing them first would only touch the memory twice.
        var block = new NativeBlock(length, zeroed: false);
        try
        {
            for (long at = 0; at < length; at += LargestRange)
                await read(at, block.Slice(at, (int)Math.Min(LargestRange, length - at)), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            block.Dispose();
            throw;
        }
        cancellationToken.ThrowIfCancellationRequested();
        return SnapshotImage.Open(block);
    }
}
