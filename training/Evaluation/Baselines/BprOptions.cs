namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>Settings of <see cref="BprScorer"/>.</summary>
public sealed record BprOptions
{
    /// <summary>Length of the factors; 1–1024.</summary>
    public int Dimensions { get; init; } = 64;

    /// <summary>Passes over the pairs; 1–1000.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Step size, above 0.</summary>
    public float LearningRate { get; init; } = 0.05f;

    /// <summary>L2 penalty of the factors and biases, 0 or more.</summary>
    public float Penalty { get; init; } = 0.01f;

    /// <summary>Draws the beginning, the order and the negatives.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Dimensions, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Epochs, 1000);
        if (!(LearningRate > 0 && float.IsFinite(LearningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(LearningRate), LearningRate, "Must be above 0.");
        }

        if (!(Penalty >= 0 && float.IsFinite(Penalty)))
        {
            throw new ArgumentOutOfRangeException(nameof(Penalty), Penalty, "Must be 0 or more.");
        }
    }
}
