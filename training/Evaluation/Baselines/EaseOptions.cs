namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>Settings of <see cref="EaseScorer"/>.</summary>
public sealed record EaseOptions
{
    /// <summary>λ of the L2 penalty, above 0; the published range is 100–1000.</summary>
    public double Penalty { get; init; } = 250;

    /// <summary>
    /// Items in the weight matrix at most, the most popular ones; 2–20,000. Memory grows with its square (6,000: about 0.5 GB) and time with
    /// its cube. Items beyond follow by popularity.
    /// </summary>
    public int MaxItems { get; init; } = 6_000;

    internal void Validate()
    {
        if (!(Penalty > 0 && double.IsFinite(Penalty)))
        {
            throw new ArgumentOutOfRangeException(nameof(Penalty), Penalty, "Must be above 0.");
        }

        if (MaxItems is < 2 or > 20_000)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxItems), MaxItems, "Must be between 2 and 20,000.");
        }
    }
}
