using Microsoft.Win32.SafeHandles;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>One version of a blob, open for reading: what is written afterwards does not change what it reads.</summary>
internal sealed class OpenBlob : IDisposable
{
    private OpenBlob(SafeFileHandle file, BlobProperties properties)
    {
        File = file;
        Properties = properties;
    }

    public SafeFileHandle File { get; }

    public BlobProperties Properties { get; }

    /// <summary>Null when there is no such blob.</summary>
    public static OpenBlob? TryOpen(FolderLayout layout, string path)
    {
        var blob = layout.Blob(path);
        var append = layout.Append(path);
        while (true)
        {
            var commit = AppendCommit.Read(append);
            SafeFileHandle? file = null;
            try
            {
                file = System.IO.File.OpenHandle(
                    blob, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.Asynchronous);

                // Deleted and created again, or written for the first time, between the two reads: look again.
                if (AppendCommit.Read(append)?.Epoch == commit?.Epoch)
                {
                    return new OpenBlob(file, Describe(path, file, commit));
                }

                file.Dispose();
            }
            catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (UnauthorizedAccessException) when (Directory.Exists(blob))
            {
                return null;
            }
            catch
            {
                file?.Dispose();
                throw;
            }
        }
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Clamp(Properties.Length - offset, 0, destination.Length);
        var done = 0;
        while (done < wanted)
        {
            var read = await RandomAccess.ReadAsync(File, destination[done..wanted], offset + done, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new BlobStoreException(
                    $"Blob '{Properties.Path}' ends at byte {offset + done}, but {Properties.Length} bytes were committed: its file was cut.");
            }

            done += read;
        }

        return done;
    }

    public void Dispose() => File.Dispose();

    private static BlobProperties Describe(string path, SafeFileHandle file, AppendCommit? commit)
    {
        var modified = System.IO.File.GetLastWriteTimeUtc(file);
        return commit is { } append
            ? new(path, append.Length, append.ETag, modified)
            : new(path, RandomAccess.GetLength(file), BlobVersion.ETag(modified, RandomAccess.GetLength(file)), modified);
    }
}
