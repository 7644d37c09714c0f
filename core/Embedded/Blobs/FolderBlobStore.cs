using System.Runtime.CompilerServices;
using ServerlessRec.Embedded.Durability;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>
/// <see cref="IBlobStore"/> over a folder: every blob is a plain file at its path, the store's own files lie in `.blobs`.
/// Any number of processes of one machine may use one folder at once.
/// </summary>
/// <remarks>
/// A write that returned survives a power cut: files and their directories are flushed. Writes and appends run on the calling thread and
/// wait for the disk. The folder must lie on a file system with working file locks and case-sensitive names; a blob cannot lie below
/// another blob ("a" and "a/b").
/// </remarks>
public sealed class FolderBlobStore : IBlobStore
{
    private readonly FolderLayout _layout;
    private readonly StripeLocks _locks;
    private readonly BlobAppender _appender;
    private readonly FolderLeases _leases;
    private readonly TimeProvider _clock;

    /// <summary>Opens or creates the folder.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="clock">Gives blobs their times and leases their ends.</param>
    /// <exception cref="BlobStoreException">The folder cannot be made or written.</exception>
    public FolderBlobStore(string root, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        try
        {
            _layout = new FolderLayout(root, clock.GetUtcNow());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException($"The folder '{root}' cannot be made or written: {error.Message}", error);
        }

        _locks = new StripeLocks(_layout.Locks);
        _appender = new BlobAppender(_layout, _locks);
        _leases = new FolderLeases(_layout, _locks, clock);
    }

    /// <inheritdoc/>
    public ValueTask<BlobProperties?> GetPropertiesAsync(string path, CancellationToken cancellationToken) =>
        FileFault.TellAsync(path, () =>
        {
            using var blob = OpenBlob.TryOpen(_layout, path);
            return ValueTask.FromResult(blob?.Properties);
        });

    /// <inheritdoc/>
    public ValueTask<BlobContent?> ReadAsync(string path, CancellationToken cancellationToken) =>
        FileFault.TellAsync(path, async () =>
        {
            using var blob = OpenBlob.TryOpen(_layout, path);
            if (blob is null)
            {
                return null;
            }

            var bytes = new byte[blob.Properties.Length];
            await blob.ReadAsync(0, bytes, cancellationToken).ConfigureAwait(false);
            return new BlobContent(bytes, blob.Properties.ETag);
        });

    /// <inheritdoc/>
    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return FileFault.TellAsync(path, async () =>
        {
            using var blob = OpenBlob.TryOpen(_layout, path) ?? throw new BlobNotFoundException(path);
            return await blob.ReadAsync(offset, destination, cancellationToken).ConfigureAwait(false);
        });
    }

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        FileFault.TellAsync(path, () =>
        {
            var blob = OpenBlob.TryOpen(_layout, path);
            return ValueTask.FromResult<Stream?>(blob is null ? null : new OpenBlobStream(blob));
        });

    /// <inheritdoc/>
    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return FileFault.TellAsync(path, async () =>
        {
            BlobPath.Validate(path);
            using var staged = await StagedBlob.FromAsync(_layout.NewStaging(), content, cancellationToken).ConfigureAwait(false);
            using var held = await _locks.AcquireAsync(path, cancellationToken).ConfigureAwait(false);
            RefuseUnless(condition, path);
            _layout.CreateParent(path);
            return staged.Publish(_layout.Blob(path), held, _clock.GetUtcNow());
        });
    }

    /// <inheritdoc/>
    public ValueTask<long> AppendAsync(
        string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken) =>
        FileFault.TellAsync(path, () => _appender.AppendAsync(path, content, expectedPosition, cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        foreach (var path in FolderListing.Paths(_layout.Root, prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await GetPropertiesAsync(path, cancellationToken).ConfigureAwait(false) is { } blob)
            {
                yield return blob;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken) =>
        FileFault.TellAsync(path, async () =>
        {
            var file = _layout.Blob(path);
            using var held = await _locks.AcquireAsync(path, cancellationToken).ConfigureAwait(false);

            // The data first: a length without data is no blob, data without its length would show half an append.
            var existed = DurableFile.Delete(file);
            DurableFile.Delete(_layout.Append(path));
            return existed;
        });

    /// <inheritdoc/>
    public ValueTask<IBlobLease?> TryAcquireLeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken) =>
        FileFault.TellAsync(name, () => _leases.TryAcquireAsync(name, duration, cancellationToken));

    private void RefuseUnless(WriteCondition condition, string path)
    {
        using var present = OpenBlob.TryOpen(_layout, path);
        if (condition.IfAbsent && present is not null)
        {
            throw new BlobPreconditionException(path, "it exists already");
        }

        if (condition.IfMatch is { } etag && present?.Properties.ETag != etag)
        {
            throw new BlobPreconditionException(path, present is null ? "there is no such blob" : "it was changed by another writer");
        }

        if (AppendCommit.Read(_layout.Append(path)) is not null)
        {
            if (present is not null)
            {
                throw new BlobStoreException($"Blob '{path}' is an append blob: append to it or delete it, it cannot be written whole.");
            }

            DurableFile.Delete(_layout.Append(path));
        }
    }
}
