namespace ServerlessRec.Recommender.Rebuilding;

/// <summary>How a rebuild ended.</summary>
public enum RebuildResult
{
    /// <summary>A new release was published and promoted.</summary>
    Published,

    /// <summary>Nothing had changed since the release that serves.</summary>
    UpToDate,

    /// <summary>The new release did not pass a gate; the old one stays.</summary>
    Refused,

    /// <summary>Somebody else was rebuilding all the time, or promoted another release meanwhile.</summary>
    Overtaken,

    /// <summary>There is no release to begin with: train one.</summary>
    NoRelease,
}

/// <summary>What a rebuild did.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="ReleaseId">The new release; null when none was published.</param>
/// <param name="Reason">For people: why, with figures.</param>
/// <param name="Recall">Recall@10 against exact search; null when it was not measured.</param>
/// <param name="Items">Items of the new release.</param>
/// <param name="Changes">Item changes taken in.</param>
public sealed record RebuildOutcome(RebuildResult Result, string? ReleaseId, string Reason, double? Recall = null, int Items = 0, int Changes = 0);
