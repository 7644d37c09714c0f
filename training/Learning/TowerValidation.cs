namespace ServerlessRec.Training.Learning;

/// <summary>Says how good towers are; greater is better.</summary>
/// <param name="Measure">Of any towers.</param>
/// <param name="MeasurePrior">Of the towers that <paramref name="Measure"/> had last, when nothing but their popularity prior has changed since.</param>
internal sealed record TowerValidation(Func<TowerPair, double> Measure, Func<TowerPair, double> MeasurePrior)
{
    /// <summary>A validation to which everything is new each time.</summary>
    public static TowerValidation Of(Func<TowerPair, double> measure) => new(measure, measure);
}
