namespace ServerlessRec.Training.DemoData;

/// <summary>Size and seed of a simulated news and video site. The same options give the same data on every machine.</summary>
public sealed record DemoDataOptions
{
    /// <summary>People who read; 1–1,000,000.</summary>
    public int Users { get; init; } = 1500;

    /// <summary>Items already published on the first day; 1–1,000,000.</summary>
    public int InitialItems { get; init; } = 1500;

    /// <summary>Items published each day; 0–100,000.</summary>
    public int NewItemsPerDay { get; init; } = 50;

    /// <summary>
    /// Days to simulate; 1–3650. The days of a shorter run are exactly the first days of a longer one with the same other options, so
    /// one more day continues the same world.
    /// </summary>
    public int Days { get; init; } = 30;

    /// <summary>Days at the beginning whose feedback is left out, to get only what came later; below <see cref="Days"/>.</summary>
    public int SkipDays { get; init; }

    /// <summary>Another seed, another world.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The first simulated day, midnight UTC.</summary>
    public DateTimeOffset FirstDay { get; init; } = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    internal void Validate()
    {
        Require(Users is >= 1 and <= 1_000_000, nameof(Users), "between 1 and 1,000,000");
        Require(InitialItems is >= 1 and <= 1_000_000, nameof(InitialItems), "between 1 and 1,000,000");
        Require(NewItemsPerDay is >= 0 and <= 100_000, nameof(NewItemsPerDay), "between 0 and 100,000");
        Require(Days is >= 1 and <= 3650, nameof(Days), "between 1 and 3650");
        Require(SkipDays >= 0 && SkipDays < Days, nameof(SkipDays), "0 or more and below the number of days");
        Require(FirstDay.Year is >= 1980 and <= 2080, nameof(FirstDay), "between the years 1980 and 2080");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} must be {range}.");
        }
    }
}
