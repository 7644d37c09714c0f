namespace ServerlessRec.Recommender.Serving;

/// <summary>A ranked list.</summary>
/// <param name="Items">Best first.</param>
/// <param name="ReleaseId">The release that answered.</param>
/// <param name="Timings">Where the time went.</param>
public sealed record Recommendations(IReadOnlyList<ScoredItem> Items, string ReleaseId, StageTimings Timings)
{
    /// <summary>One for each item, when the query asks for them; null otherwise.</summary>
    public IReadOnlyList<ItemExplanation>? Explanations { get; init; }
}

/// <summary>One item of a ranked list.</summary>
/// <param name="Id">The item.</param>
/// <param name="Score">Greater is better; comparable within one list only.</param>
public readonly record struct ScoredItem(string Id, double Score);

/// <summary>Where the time of one answer went.</summary>
/// <param name="User">Reading the user's state and making the user vector.</param>
/// <param name="Retrieve">Finding candidates.</param>
/// <param name="Rank">Ordering them and making the answer.</param>
/// <param name="Total">All of it.</param>
public readonly record struct StageTimings(TimeSpan User, TimeSpan Retrieve, TimeSpan Rank, TimeSpan Total);
