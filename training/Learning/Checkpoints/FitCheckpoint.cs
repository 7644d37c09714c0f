using System.Security.Cryptography;

namespace ServerlessRec.Training.Learning.Checkpoints;

/// <summary>
/// One training's file: its towers with their moments, the best epoch's towers and the reports so far, and a SHA-256 over all of it. Written
/// beside and renamed, so that a kill leaves the one before. A file that is not whole counts as none.
/// </summary>
internal sealed class FitCheckpoint(string path)
{
    private const int HashLength = 32;

    /// <summary>Whether there is something to go on from.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Why nothing is kept any more; null while all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Writes the state after an epoch. A full disk must not cost the training: then nothing is kept from here on.</summary>
    public void Save(TowerPair towers, AdamOptimizer adam, AverageWeights average, FitProgress progress)
    {
        if (Problem is not null)
        {
            return;
        }

        try
        {
            Write(towers, adam, average, progress);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Problem = fault.Message;
        }
    }

    /// <summary>Puts the state back; null: there is none.</summary>
    public FitProgress? Load(TowerPair towers, AdamOptimizer adam, AverageWeights average)
    {
        using var file = Open();
        if (file is null || !IsWhole(file))
        {
            return null;
        }

        file.Position = 0;
        using var reader = new BinaryReader(file);
        return CheckpointContent.Read(reader, towers, adam, average) ?? throw new InvalidDataException($"{path} is of other towers: delete it.");
    }

    public void Delete() => File.Delete(path);

    private void Write(TowerPair towers, AdamOptimizer adam, AverageWeights average, FitProgress progress)
    {
        var beside = $"{path}.{Environment.ProcessId}"; // the same command may run twice at once
        using (var hash = SHA256.Create())
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
            using (var writer = new BinaryWriter(hashed))
            {
                CheckpointContent.Write(writer, towers, adam, average, progress);
            }

            file.Write(hash.Hash!);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    private FileStream? Open()
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 20);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsWhole(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var left = file.Length - HashLength; left > 0;)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        var stored = new byte[HashLength];
        return file.ReadAtLeast(stored, HashLength, throwOnEndOfStream: false) == HashLength && stored.AsSpan().SequenceEqual(hash.GetHashAndReset());
    }
}
