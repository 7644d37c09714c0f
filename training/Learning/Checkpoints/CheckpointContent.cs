using System.Runtime.InteropServices;

namespace ServerlessRec.Training.Learning.Checkpoints;

/// <summary>What a checkpoint holds: reports, then the numbers and moments of both towers, their averages, the best epoch's numbers.</summary>
internal static class CheckpointContent
{
    /// <summary>Writes everything.</summary>
    public static void Write(BinaryWriter writer, TowerPair towers, AdamOptimizer adam, AverageWeights average, FitProgress progress)
    {
        Write(writer, progress);
        writer.Write(adam.Step);
        foreach (var numbers in Arrays(towers, average, progress.Best))
        {
            writer.Write(numbers.Length);
            writer.Write(MemoryMarshal.AsBytes(numbers.Span));
        }
    }

    /// <summary>Puts everything back; null when the towers have other sizes, which then hold nothing of use.</summary>
    public static FitProgress? Read(BinaryReader reader, TowerPair towers, AdamOptimizer adam, AverageWeights average)
    {
        var progress = ReadProgress(reader, towers);
        adam.Step = reader.ReadInt32();
        foreach (var numbers in Arrays(towers, average, progress.Best))
        {
            if (reader.ReadInt32() != numbers.Length)
            {
                return null;
            }

            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.Span));
        }

        return progress;
    }

    private static IEnumerable<Memory<float>> Arrays(TowerPair towers, AverageWeights average, TowerWeights? best)
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

        foreach (var numbers in average.Arrays.Concat(best?.Arrays ?? []))
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
}
