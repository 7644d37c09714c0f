using ServerlessRec.Recommender.Retrieval;

namespace ServerlessRec.Recommender.Serving;

/// <summary>How lists are made. The defaults suit most catalogues.</summary>
public sealed record ServingOptions
{
    /// <summary>
    /// Candidates the index keeps while it walks, 10–4,096: more finds more of the true nearest items and takes longer. Null: what the release
    /// was measured to need (<see cref="EfSearchChoice"/>).
    /// </summary>
    public int? EfSearch { get; init; }

    /// <summary>For users without a vector: items younger than this count as fresh.</summary>
    public TimeSpan FreshWindow { get; init; } = TimeSpan.FromDays(14);

    /// <summary>For users without a vector: share of freshness in the score, 0–1; the rest is popularity.</summary>
    public double FreshShare { get; init; } = .3;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; ParamName names it.</exception>
    public void Validate()
    {
        if (EfSearch is < 10 or > 4096)
        {
            throw new ArgumentOutOfRangeException(nameof(EfSearch), EfSearch, "EfSearch must be in 10–4096.");
        }

        if (FreshWindow < TimeSpan.FromMinutes(1) || FreshWindow > TimeSpan.FromDays(3650))
        {
            throw new ArgumentOutOfRangeException(nameof(FreshWindow), FreshWindow, "FreshWindow must be in one minute to ten years.");
        }

        if (FreshShare is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(FreshShare), FreshShare, "FreshShare must be in 0–1.");
        }
    }
}
