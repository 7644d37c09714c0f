using System.Globalization;
using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Tuning;

/// <summary>Which options a search may change, and how they are drawn. Sizes of vectors stay: they are what serving costs.</summary>
internal static class SearchSpace
{
    private const double ChangedShare = 0.35;

    private static readonly (string Name, Func<TrainingOptions, Random, TrainingOptions> Draw, Func<TrainingOptions, object?> Read)[] Axes =
    [
        ("learningRate", (options, random) => options with { LearningRate = Logarithmic(random, 1e-3, 1e-2) }, options => options.LearningRate),
        ("rateDecay", (options, random) => options with { RateDecay = Even(random, 0.7, 0.95) }, options => options.RateDecay),
        ("weightDecay", (options, random) => options with { WeightDecay = Logarithmic(random, 1e-3, 1e-1) }, options => options.WeightDecay),
        ("temperature", (options, random) => options with { Temperature = Logarithmic(random, 0.06, 0.4) }, options => options.Temperature),
        ("uniformNegatives", (options, random) => options with { UniformNegatives = Of(random, 256, 512, 1024, 2048) }, options => options.UniformNegatives),
        ("batchSize", (options, random) => options with { BatchSize = Of(random, 512, 1024, 2048) }, options => options.BatchSize),
        ("idDropout", (options, random) => options with { IdDropout = Even(random, 0, 0.4) }, options => options.IdDropout),
        ("historyDropout", (options, random) => options with { HistoryDropout = Even(random, 0, 0.5) }, options => options.HistoryDropout),
        ("wholeHistories", (options, random) => options with { WholeHistories = Even(random, 0, 1) }, options => options.WholeHistories),
        ("historyLength", (options, random) => options with { HistoryLength = Of(random, 20, 50, 100, 200) }, options => options.HistoryLength),
        ("shape.means", (options, random) => options with { Shape = options.Shape with { Means = Of(random, 2, 4, 8) } }, options => options.Shape.Means),
        ("shape.hiddenUnits", (options, random) => options with { Shape = options.Shape with { HiddenUnits = Of(random, 64, 128, 256) } }, options => options.Shape.HiddenUnits),
    ];

    /// <summary>Options near others: each option of the space is drawn anew or kept, at least one is new.</summary>
    public static TrainingOptions Near(TrainingOptions options, Random random)
    {
        var sure = random.Next(Axes.Length);
        for (var axis = 0; axis < Axes.Length; axis++)
        {
            if (random.NextDouble() < ChangedShare || axis == sure)
            {
                options = Axes[axis].Draw(options, random);
            }
        }

        return options;
    }

    /// <summary>What differs between two, for people: `temperature 0.1, batchSize 512`.</summary>
    public static string Difference(TrainingOptions from, TrainingOptions to)
    {
        var changed = Axes.Where(axis => !Equals(axis.Read(from), axis.Read(to)))
            .Select(axis => string.Create(CultureInfo.InvariantCulture, $"{axis.Name} {axis.Read(to):0.####}"));
        return string.Join(", ", changed) is { Length: > 0 } text ? text : "as given";
    }

    private static double Even(Random random, double least, double most) => Math.Round(least + ((most - least) * random.NextDouble()), 2);

    private static double Logarithmic(Random random, double least, double most) =>
        double.Parse((least * Math.Pow(most / least, random.NextDouble())).ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static int Of(Random random, params ReadOnlySpan<int> values) => values[random.Next(values.Length)];
}
