namespace ServerlessRec.Benchmarks.Reporting;

/// <summary>Ours over a peer's, of rounds that ran one after the other, so that both saw the same machine.</summary>
internal readonly record struct Ratio(double Median, double Min, double Max)
{
    public static Ratio Of(IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
    {
        var ratios = ours.Zip(theirs, (a, b) => a / b).Order().ToArray();
        return new Ratio(MedianOf(ratios), ratios[0], ratios[^1]);
    }

    public static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
