namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>Settings of <see cref="ItemKnnScorer"/>.</summary>
public sealed record ItemKnnOptions
{
    /// <summary>Most similar items kept for each item; 1–10,000.</summary>
    public int Neighbors { get; init; } = 200;

    /// <summary>Added to the denominator: pairs seen together by chance weigh less; 0 or more.</summary>
    public double Shrinkage { get; init; } = 10;

    internal void Validate()
    {
        if (Neighbors is < 1 or > 10_000)
        {
            throw new ArgumentOutOfRangeException(nameof(Neighbors), Neighbors, "Must be between 1 and 10,000.");
        }

        if (!(Shrinkage >= 0 && double.IsFinite(Shrinkage)))
        {
            throw new ArgumentOutOfRangeException(nameof(Shrinkage), Shrinkage, "Must be 0 or more.");
        }
    }
}
