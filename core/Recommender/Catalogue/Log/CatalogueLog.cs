using System.Buffers;
using System.Runtime.CompilerServices;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Catalogue.Log;

/// <summary>
/// The catalogue log (docs/formats/catalogue-log.md): every item change since the first, in append blobs that every instance tails.
/// A position is a number of bytes over all segments. Thread-safe, across processes too.
/// </summary>
public sealed class CatalogueLog(IBlobStore blobs) : IDisposable
{
    private const int MaxAppend = 1 << 20;
    private const int Attempts = 64;

    private readonly SemaphoreSlim _appending = new(1, 1);
    private (long Start, long Length)? _tail;
    private long _lastRead = -1;

    /// <summary>
    /// Appends changes; when it returns they are durable. A call that throws may have appended some: repeating it is harmless.
    /// </summary>
    /// <returns>The position behind the last one.</returns>
    /// <exception cref="InvalidDataException">A change breaks a rule; none was appended.</exception>
    /// <exception cref="BlobStoreException">The store is away, or others kept appending.</exception>
    public async Task<long> AppendAsync(IReadOnlyList<CatalogueChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var blocks = Blocks(changes);
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var position = -1L;
            foreach (var block in blocks)
            {
                position = await AppendBlockAsync(block, cancellationToken).ConfigureAwait(false);
            }

            return position;
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>
    /// The changes behind <paramref name="position"/>, up to the end of the log as it is now, each with the position behind it.
    /// When the log no longer reaches back that far, reading begins with its oldest segment.
    /// </summary>
    /// <exception cref="CatalogueLogException">The log is damaged, or the position is not one of it.</exception>
    public async IAsyncEnumerable<LoggedChange> ReadAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var segment = await FindAsync(position, cancellationToken).ConfigureAwait(false);
        while (segment is { } found)
        {
            var at = Math.Max(0, position - found.Start);
            Volatile.Write(ref _lastRead, found.Start);
            var bytes = await ReadSegmentAsync(found, at, cancellationToken).ConfigureAwait(false);
            for (var used = 0; used < bytes.Length;)
            {
                used += Decode(bytes.AsSpan(used), found.Start, at + used, out var change);
                position = found.Start + at + used;
                yield return new LoggedChange(change, position);
            }

            segment = found.Length < CatalogueSegments.ClosedLength
                ? null
                : await PropertiesAsync(found.Start + found.Length, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes the segments that lie wholly before <paramref name="position"/>, because every release that is kept holds their changes.</summary>
    public async Task PruneAsync(long position, CancellationToken cancellationToken = default)
    {
        var segments = await CatalogueSegments.ListAsync(blobs, cancellationToken).ConfigureAwait(false);
        foreach (var (start, length) in segments)
        {
            if (length >= CatalogueSegments.ClosedLength && start + length <= position && segments[^1].Start != start)
            {
                await blobs.DeleteAsync(CatalogueSegments.Path(start), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _appending.Dispose();

    private static List<ReadOnlyMemory<byte>> Blocks(IReadOnlyList<CatalogueChange> changes)
    {
        var blocks = new List<ReadOnlyMemory<byte>>();
        var block = new ArrayBufferWriter<byte>();
        foreach (var change in changes)
        {
            CatalogueFrame.Write(change, block);
            if (block.WrittenCount >= MaxAppend)
            {
                blocks.Add(block.WrittenMemory);
                block = new ArrayBufferWriter<byte>();
            }
        }

        if (block.WrittenCount > 0)
        {
            blocks.Add(block.WrittenMemory);
        }

        return blocks;
    }

    // Appends only at the length it knows, so that no two writers disagree on when a segment is closed.
    private async Task<long> AppendBlockAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (start, length) = _tail ??= await FindTailAsync(cancellationToken).ConfigureAwait(false);
            if (length >= CatalogueSegments.ClosedLength)
            {
                (start, length) = (start + length, 0);
            }

            _tail = null;
            try
            {
                length = await blobs.AppendAsync(CatalogueSegments.Path(start), block, length, cancellationToken).ConfigureAwait(false);
                _tail = (start, length);
                return start + length;
            }
            catch (BlobPreconditionException)
            {
                // Somebody else appended: look where the end is now.
            }
        }

        throw new BlobStoreException($"Others kept appending to the catalogue log {Attempts} times in a row; try again.");
    }

    private async Task<(long Start, long Length)> FindTailAsync(CancellationToken cancellationToken)
    {
        var segments = await CatalogueSegments.ListAsync(blobs, cancellationToken).ConfigureAwait(false);
        return segments.Count > 0 ? segments[^1] : (0, 0);
    }

    private async Task<(long Start, long Length)?> FindAsync(long position, CancellationToken cancellationToken)
    {
        // A follower mostly asks for more of the segment it read last: one call instead of a list.
        var last = Volatile.Read(ref _lastRead);
        if (last >= 0 && last <= position && await PropertiesAsync(last, cancellationToken).ConfigureAwait(false) is { } open)
        {
            if (position < last + open.Length)
            {
                return open;
            }

            if (position == last + open.Length && open.Length < CatalogueSegments.ClosedLength)
            {
                return null;
            }
        }

        var segments = await CatalogueSegments.ListAsync(blobs, cancellationToken).ConfigureAwait(false);
        foreach (var segment in segments)
        {
            if (position < segment.Start + segment.Length)
            {
                return segment;
            }
        }

        return segments.Count == 0 || position == segments[^1].Start + segments[^1].Length
            ? null
            : throw new CatalogueLogException(CatalogueSegments.Path(segments[^1].Start), position - segments[^1].Start, "the log ends before this position");
    }

    private async Task<(long Start, long Length)?> PropertiesAsync(long start, CancellationToken cancellationToken) =>
        await blobs.GetPropertiesAsync(CatalogueSegments.Path(start), cancellationToken).ConfigureAwait(false) is { } found ? (start, found.Length) : null;

    private async Task<byte[]> ReadSegmentAsync((long Start, long Length) segment, long from, CancellationToken cancellationToken)
    {
        var bytes = new byte[segment.Length - from];
        for (var got = 0; got < bytes.Length;)
        {
            var read = await blobs.ReadRangeAsync(CatalogueSegments.Path(segment.Start), from + got, bytes.AsMemory(got), cancellationToken).ConfigureAwait(false);
            got += read > 0 ? read : throw new CatalogueLogException(CatalogueSegments.Path(segment.Start), from + got, "the segment became shorter");
        }

        return bytes;
    }

    private static int Decode(ReadOnlySpan<byte> bytes, long start, long offset, out CatalogueChange change)
    {
        try
        {
            var length = CatalogueFrame.TryRead(bytes, out var read);
            change = read ?? throw new InvalidDataException("a change is cut off");
            return length;
        }
        catch (InvalidDataException e)
        {
            throw new CatalogueLogException(CatalogueSegments.Path(start), offset, e.Message, e);
        }
    }
}

/// <summary>A change and the position behind it.</summary>
public readonly record struct LoggedChange(CatalogueChange Change, long Position);

/// <summary>The catalogue log cannot be read at a place.</summary>
public sealed class CatalogueLogException(string path, long offset, string reason, Exception? inner = null)
    : Exception($"{path}, offset {offset}: {reason}.", inner)
{
    /// <summary>The segment.</summary>
    public string Path { get; } = path;

    /// <summary>Byte offset in it.</summary>
    public long Offset { get; } = offset;
}
