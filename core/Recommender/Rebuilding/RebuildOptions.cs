using ServerlessRec.Recommender.Retrieval;

namespace ServerlessRec.Recommender.Rebuilding;

/// <summary>How a rebuild works and what it must reach before its release may serve.</summary>
public sealed record RebuildOptions
{
    /// <summary>Share of the exact 10 nearest items that a search must find, 0–1.</summary>
    public double RecallFloor { get; init; } = .95;

    /// <summary>Searches that measure the recall, 10–10,000.</summary>
    public int RecallQueries { get; init; } = 200;

    /// <summary>Candidates such a search keeps; the same as serving.</summary>
    public int EfSearch { get; init; } = EfSearchChoice.Most;

    /// <summary>Items the new release must have, as a share of the old one's, 0–1: a log that deletes nearly everything is more likely a mistake.</summary>
    public double ItemShareFloor { get; init; } = .5;

    /// <summary>Releases kept beside the one that serves, 1–100.</summary>
    public int KeepReleases { get; init; } = 3;

    /// <summary>Popularity halves in this time.</summary>
    public TimeSpan PopularityHalfLife { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Feedback types that say no: they add no popularity.</summary>
    public IReadOnlyList<string> NegativeFeedbackTypes { get; init; } = ["hide", "dislike", "skip"];

    /// <summary>
    /// How long the feedback archive is kept, an hour or more. Training reads it; a rebuild deletes what is older, so that the store does not
    /// grow for ever.
    /// </summary>
    public TimeSpan ArchiveRetention { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long to wait while somebody else rebuilds.</summary>
    public TimeSpan WaitForOthers { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Threads that build, 0 = every processor. Half of them by default, because a rebuild mostly runs where requests are served.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; ParamName names it.</exception>
    public void Validate()
    {
        Check(RecallFloor is >= 0 and <= 1, nameof(RecallFloor), RecallFloor, "0–1");
        Check(RecallQueries is >= 10 and <= 10_000, nameof(RecallQueries), RecallQueries, "10–10,000");
        Check(EfSearch is >= 10 and <= 4096, nameof(EfSearch), EfSearch, "10–4096");
        Check(ItemShareFloor is >= 0 and <= 1, nameof(ItemShareFloor), ItemShareFloor, "0–1");
        Check(KeepReleases is >= 1 and <= 100, nameof(KeepReleases), KeepReleases, "1–100");
        Check(PopularityHalfLife >= TimeSpan.FromMinutes(1), nameof(PopularityHalfLife), PopularityHalfLife, "one minute or more");
        Check(ArchiveRetention >= TimeSpan.FromHours(1), nameof(ArchiveRetention), ArchiveRetention, "one hour or more");
        Check(WaitForOthers >= TimeSpan.Zero, nameof(WaitForOthers), WaitForOthers, "zero or more");
        Check(Threads is >= 0 and <= 1024, nameof(Threads), Threads, "0–1024");
    }

    private static void Check(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
        }
    }
}
