using ServerlessRec.Embedded.Durability;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>A blob's new bytes, flushed to disk but not yet under its name. Disposing one that was not published removes it.</summary>
internal sealed class StagedBlob : IDisposable
{
    private readonly string _file;
    private readonly FileStream _stream;
    private bool _published;

    private StagedBlob(string file)
    {
        _file = file;
        _stream = new FileStream(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 0, FileOptions.Asynchronous);
    }

    public static async ValueTask<StagedBlob> FromAsync(string file, Stream content, CancellationToken cancellationToken)
    {
        var staged = new StagedBlob(file);
        try
        {
            await content.CopyToAsync(staged._stream, cancellationToken).ConfigureAwait(false);
            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    /// <summary>Stamps, flushes and renames; returns the ETag. The caller holds the path's lock.</summary>
    public string Publish(string destination, StripeLock held, DateTimeOffset now)
    {
        var etag = BlobVersion.Stamp(_stream.SafeFileHandle, held, now);
        _stream.Flush(flushToDisk: true);
        DurableFile.Publish(_file, destination);
        _published = true;
        return etag;
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (!_published)
        {
            File.Delete(_file);
        }
    }
}
