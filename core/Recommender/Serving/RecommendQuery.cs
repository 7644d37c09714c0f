namespace ServerlessRec.Recommender.Serving;

/// <summary>What a list of recommendations shall be like.</summary>
public sealed record RecommendQuery
{
    /// <summary>Most items one answer holds.</summary>
    public const int MaxCount = 500;

    /// <summary>Farthest place an answer may begin at.</summary>
    public const int MaxOffset = 10_000;

    /// <summary>Items wanted, 0–500. Fewer is an answer, not an error.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Items skipped from the top, 0–10,000.</summary>
    public int Offset { get; init; }

    /// <summary>Only items that have every one of these categories.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Removes what this user has seen; null: nobody.</summary>
    public string? UserId { get; init; }

    /// <summary>Ids that must not be in the answer.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Attribute filter (docs/filters.md); null: none.</summary>
    public string? Filter { get; init; }

    /// <summary>0–1: how much unlike each other the items shall be, at the price of relevance (Carbonell and Goldstein 1998, MMR, λ = 1 − diversity).</summary>
    public double Diversity { get; init; }

    /// <summary>0–1: how much chance mixes less certain items in.</summary>
    public double Explore { get; init; }

    /// <summary>Seed of the chance; null: one that changes by the hour and by the user, so that pages fit together.</summary>
    public ulong? Seed { get; init; }

    /// <summary>True: the list is in the retrieval's order, whether or not the release has a ranker.</summary>
    public bool RetrievalOnly { get; init; }

    /// <summary>Says of each item why it stands in the list.</summary>
    public bool Explain { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; ParamName names it.</exception>
    public void Validate()
    {
        Check(Count is >= 0 and <= MaxCount, nameof(Count), Count, $"0–{MaxCount}");
        Check(Offset is >= 0 and <= MaxOffset, nameof(Offset), Offset, $"0–{MaxOffset}");
        Check(Diversity is >= 0 and <= 1, nameof(Diversity), Diversity, "0–1");
        Check(Explore is >= 0 and <= 1, nameof(Explore), Explore, "0–1");
    }

    private static void Check(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be in {range}.");
        }
    }
}
