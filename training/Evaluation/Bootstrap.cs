namespace ServerlessRec.Training.Evaluation;

/// <summary>A mean and the range in which it would fall again in 95 % of repetitions with other cases.</summary>
/// <param name="Mean">Mean over the cases.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct ConfidenceInterval(double Mean, double Low, double High);

/// <summary>Confidence intervals by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13): cases are drawn again with replacement.</summary>
public static class Bootstrap
{
    private const int Samples = 1000;
    private const double Outside = 0.05;

    /// <summary>The interval of the mean of case figures.</summary>
    /// <param name="values">One value a case.</param>
    /// <param name="seed">Draws the samples.</param>
    public static ConfidenceInterval OfMean(ReadOnlySpan<double> values, int seed = 1)
    {
        if (values.IsEmpty)
        {
            return default;
        }

        var random = new Random(seed);
        var means = new double[Samples];
        for (var sample = 0; sample < Samples; sample++)
        {
            double sum = 0;
            for (var draw = 0; draw < values.Length; draw++)
            {
                sum += values[random.Next(values.Length)];
            }

            means[sample] = sum / values.Length;
        }

        Array.Sort(means);
        double total = 0;
        foreach (var value in values)
        {
            total += value;
        }

        return new ConfidenceInterval(
            total / values.Length, means[(int)(Samples * Outside / 2)], means[(int)(Samples * (1 - (Outside / 2))) - 1]);
    }

    /// <summary>
    /// The interval of a difference between two scorers on the same cases (paired: much narrower than two separate intervals). They
    /// differ beyond noise when 0 is outside.
    /// </summary>
    /// <exception cref="ArgumentException">The two were not measured on the same number of cases.</exception>
    public static ConfidenceInterval OfDifference(ReadOnlySpan<double> values, ReadOnlySpan<double> baseline, int seed = 1)
    {
        if (values.Length != baseline.Length)
        {
            throw new ArgumentException("Both must be measured on the same cases.", nameof(baseline));
        }

        var differences = new double[values.Length];
        for (var at = 0; at < values.Length; at++)
        {
            differences[at] = values[at] - baseline[at];
        }

        return OfMean(differences, seed);
    }
}
