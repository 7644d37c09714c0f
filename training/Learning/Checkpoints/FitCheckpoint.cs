using System.Runtime.InteropServices;
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

    /// <summary>Writes the state after an epoch.</summary>
    public void Save(TowerPair towers, AdamOptimizer adam, FitProgress progress)
    {
        var beside = $"{path}.{Environment.ProcessId}"; // the same command may run twice at once
        using (var hash = SHA256.Create())
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
            using (var writer = new BinaryWriter(hashed))
            {
                Write(writer, progress);
                writer.Write(adam.Step);
                foreach (var numbers in Arrays(towers, progress.Best))
                {
                    writer.Write(numbers.Length);
                    writer.Write(MemoryMarshal.AsBytes(numbers.Span));
                }
            }

            file.Write(hash.Hash!);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Puts the state back; null: there is none.</summary>
    public FitProgress? Load(TowerPair towers, AdamOptimizer adam)
    {
        using var file = Open();
        if (file is null || !IsWhole(file))
        {
            return null;
        }

        file.Position = 0;
        using var reader = new BinaryReader(file);
        var progress = ReadProgress(reader, towers);
        adam.Step = reader.ReadInt32();
        foreach (var numbers in Arrays(towers, progress.Best))
        {
            if (reader.ReadInt32() != numbers.Length)
            {
                throw new InvalidDataException($"{path} is of other towers: delete it.");
            }

            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.Span));
        }

        return progress;
    }

    public void Delete() => File.Delete(path);

    private static IEnumerable<Memory<float>> Arrays(TowerPair towers, TowerWeights? best)
    {
        foreach (var table in towers.Items.Tables)
        {
            yield return table.Values;
            yield return table.FirstMoments;
            yield return table.SecondMoments;
        }

        foreach (var weight in towers.Weights)
        {
            yield return weight.Memory;
            yield return weight.FirstMoments;
            yield return weight.SecondMoments;
        }

        foreach (var numbers in best?.Arrays ?? [])
        {
            yield return numbers;
        }
    }

    private static void Write(BinaryWriter writer, FitProgress progress)
    {
        writer.Write(progress.IsDone);
        writer.Write(progress.BestEpoch);
        writer.Write(progress.BestMetric);
        writer.Write(progress.Elapsed.Ticks);
        writer.Write(progress.Best is not null);
        writer.Write(progress.Reports.Count);
        foreach (var report in progress.Reports)
        {
            writer.Write(report.Epochs);
            writer.Write(report.Loss);
            writer.Write(report.PairsPerSecond);
            writer.Write(report.Validation ?? double.NaN);
            writer.Write(report.IsBest);
            writer.Write(report.IsLast);
        }
    }

    private static FitProgress ReadProgress(BinaryReader reader, TowerPair towers)
    {
        var progress = new FitProgress
        {
            IsDone = reader.ReadBoolean(),
            BestEpoch = reader.ReadInt32(),
            BestMetric = reader.ReadDouble(),
            Elapsed = new TimeSpan(reader.ReadInt64()),
            Best = reader.ReadBoolean() ? TowerWeights.Copy(towers) : null,
        };
        var count = reader.ReadInt32();
        for (var epoch = 1; epoch <= count; epoch++)
        {
            var report = new EpochReport(epoch, reader.ReadInt32(), 1, reader.ReadDouble(), reader.ReadDouble());
            var metric = reader.ReadDouble();
            progress.Reports.Add(report with { Validation = double.IsNaN(metric) ? null : metric, IsBest = reader.ReadBoolean(), IsLast = reader.ReadBoolean() });
        }

        return progress;
    }

    private FileStream? Open()
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 20);
        }
        catch (FileNotFoundException)
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
