using System.Security.Cryptography;
using ServerlessRec.Embedded.Durability;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>Appends: data flushed first, committed length flushed second (see <see cref="AppendCommit"/>).</summary>
internal sealed class BlobAppender(FolderLayout layout, StripeLocks locks)
{
    public async ValueTask<long> AppendAsync(
        string path, ReadOnlyMemory<byte> content, long? expectedPosition, CancellationToken cancellationToken)
    {
        var blob = layout.Blob(path);
        var append = layout.Append(path);
        using var held = await locks.AcquireAsync(path, cancellationToken).ConfigureAwait(false);

        var exists = File.Exists(blob);
        var commit = exists ? AppendCommit.Read(append) ?? throw NotAnAppendBlob(path) : NewBlob();
        if (expectedPosition is { } expected && expected != commit.Length)
        {
            throw new BlobPreconditionException(path, $"it is {commit.Length} bytes long, not {expected} as expected");
        }

        if (!exists)
        {
            layout.CreateParent(path);
            commit.Write(append);
        }

        Append(blob, commit.Length, content.Span);
        if (!exists)
        {
            DurableFile.FlushDirectoryOf(blob);
        }

        var appended = commit with { Length = commit.Length + content.Length };
        appended.Write(append);
        return appended.Length;
    }

    private static void Append(string file, long position, ReadOnlySpan<byte> content)
    {
        using var handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(handle, position); // What an append that died half-way left.
        RandomAccess.Write(handle, content, position);
        RandomAccess.FlushToDisk(handle);
    }

    private static AppendCommit NewBlob() => new(0, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    private static BlobStoreException NotAnAppendBlob(string path) =>
        new($"Blob '{path}' was written whole: it cannot be appended to.");
}
