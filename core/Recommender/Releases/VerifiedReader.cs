using System.Security.Cryptography;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Releases;

/// <summary>
/// Reads a release file from front to back by concurrent range reads, straight into the caller's memory, and hashes every byte on the way.
/// Ranges follow each other without gaps, and <see cref="FinishAsync"/> says whether the file is the one the manifest names. One caller at
/// a time; when a call ends, with or without an error, nothing writes to the caller's memory any more.
/// </summary>
internal sealed class VerifiedReader : IAsyncDisposable
{
    // Few and large, because each costs the store and its client a request; several at a time, because one connection is slower than the network.
    private const int ChunkLength = 4 << 20;
    private const int ChunksAtOnce = 6;

    private readonly IBlobStore _blobs;
    private readonly string _releaseId;
    private readonly ReleaseFile _file;
    private readonly CancellationTokenSource _stop;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SemaphoreSlim _turns = new(ChunksAtOnce);
    private readonly Task<Dictionary<string, long>> _stored;
    private long _position;

    /// <param name="blobs">Holds the release.</param>
    /// <param name="releaseId">The release.</param>
    /// <param name="file">What the manifest says of the file.</param>
    /// <param name="stored">Bytes by path of what the store has of the release; waited for at the end.</param>
    /// <param name="cancellationToken">Stops every read.</param>
    public VerifiedReader(IBlobStore blobs, string releaseId, ReleaseFile file, Task<Dictionary<string, long>> stored, CancellationToken cancellationToken)
    {
        _blobs = blobs;
        _releaseId = releaseId;
        _file = file;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stored = stored;
    }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>, where the last range ended.</summary>
    /// <exception cref="ReleaseDamagedException">The file is missing or shorter than the manifest says.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(offset, _position);
        if (destination.Length > _file.Length - offset)
        {
            throw Damaged("more bytes were wanted of it than it has");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        var reads = new List<(Task Read, Memory<byte> Chunk)>((destination.Length / ChunkLength) + 1);
        for (var at = 0; at < destination.Length;)
        {
            var chunk = destination.Slice(at, Math.Min(ChunkLength, destination.Length - at));
            reads.Add((FillInTurnAsync(offset + at, chunk, stop.Token), chunk));
            at += chunk.Length;
        }

        var hashing = Task.CompletedTask;
        try
        {
            foreach (var (read, filled) in reads)
            {
                await read.ConfigureAwait(false);
                await hashing.ConfigureAwait(false);
                hashing = Task.Run(() => _hash.AppendData(filled.Span), CancellationToken.None);
            }

            await hashing.ConfigureAwait(false);
            _position += destination.Length;
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(reads.Select(r => r.Read).Append(hashing))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Compares the hash of the whole file, which must have been read.</summary>
    /// <exception cref="ReleaseDamagedException">The file is not the one the manifest names.</exception>
    public async ValueTask FinishAsync()
    {
        if (_position != _file.Length)
        {
            throw Damaged($"{_file.Length - _position} of its bytes belong to nothing");
        }

        // A byte more than the manifest says is not in the hash.
        var stored = await _stored.ConfigureAwait(false);
        if (stored.TryGetValue(ReleasePaths.File(_releaseId, _file.Name), out var length) && length > _file.Length)
        {
            throw Damaged($"it is longer than the {_file.Length} bytes of the manifest");
        }

        if (Convert.ToHexStringLower(_hash.GetHashAndReset()) != _file.Sha256)
        {
            throw Damaged("its SHA-256 is not the manifest's");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _hash.Dispose();
        _turns.Dispose();
        _stop.Dispose();
    }

    private async Task FillInTurnAsync(long offset, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A folder's store reads before its first await: not on the thread that hands out the turns.
            await Task.Run(() => FillAsync(offset, chunk, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task FillAsync(long offset, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        while (!chunk.IsEmpty)
        {
            var read = await ReadOnceAsync(offset, chunk, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw Damaged($"it is shorter than the {_file.Length} bytes of the manifest");
            }

            (offset, chunk) = (offset + read, chunk[read..]);
        }
    }

    private async ValueTask<int> ReadOnceAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            return await _blobs.ReadRangeAsync(ReleasePaths.File(_releaseId, _file.Name), offset, destination, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobNotFoundException e)
        {
            throw new ReleaseDamagedException(_releaseId, _file.Name, "it is missing", e);
        }
    }

    private ReleaseDamagedException Damaged(string reason) => new(_releaseId, _file.Name, reason);
}
