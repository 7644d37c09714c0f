using System.Buffers.Binary;
using System.IO.Hashing;
using ServerlessRec.Embedded.Durability;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>
/// How much of an append blob's file is committed. It lies beside the data in a small file of its own and is flushed after the data, so
/// that readers never see half an append and a crash in the middle of one leaves nothing behind: bytes behind the committed length are
/// overwritten by the next append.
/// </summary>
/// <param name="Length">Committed bytes.</param>
/// <param name="Epoch">Random, new with every creation of the blob: a blob deleted and created again is told from the first.</param>
internal readonly record struct AppendCommit(long Length, ulong Epoch)
{
    private const int Bytes = 24;
    private const int ReadAttempts = 1000;

    public string ETag => $"a{Epoch:x16}-{Length:x}";

    /// <summary>Null: the blob is no append blob, or there is none.</summary>
    public static AppendCommit? Read(string file)
    {
        // Most blobs are no append blobs, and every read asks twice: an exception each time costs more than the read.
        if (!File.Exists(file))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Bytes];
        for (var attempt = 0; attempt < ReadAttempts; attempt++)
        {
            try
            {
                using var handle = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
                var read = RandomAccess.Read(handle, bytes, 0);
                if (read == 0)
                {
                    return null;
                }

                if (read == Bytes && XxHash64.HashToUInt64(bytes[..16]) == BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]))
                {
                    return new(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
                }
            }
            catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }

            // A writer is between two bytes of these 24.
            Thread.SpinWait(50);
        }

        throw new BlobStoreException($"'{file}' is damaged: its checksum is wrong. Restore the folder from a backup.");
    }

    /// <summary>Writes and flushes; the caller holds the path's lock.</summary>
    public void Write(string file)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], XxHash64.HashToUInt64(bytes[..16]));
        var isNew = !File.Exists(file);
        if (isNew)
        {
            DurableFile.CreateDirectory(Path.GetDirectoryName(file)!);
        }

        using (var handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            RandomAccess.Write(handle, bytes, 0);
            RandomAccess.FlushToDisk(handle);
        }

        if (isNew)
        {
            DurableFile.FlushDirectoryOf(file);
        }
    }
}
