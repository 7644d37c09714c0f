namespace ServerlessRec.Benchmarks.Soak;

/// <summary>What the soak verb runs: a day, told in rounds.</summary>
internal sealed record SoakSettings
{
    /// <summary>A store with a trained release; null: one is trained on demo data.</summary>
    public string? Store { get; init; }

    /// <summary>Events of the day.</summary>
    public int Events { get; init; } = 1_000_000;

    /// <summary>Rebuilds of the day; each ends a round.</summary>
    public int Rebuilds { get; init; } = 50;

    /// <summary>Item changes of the day: as many items are added and changed as old ones are deleted.</summary>
    public int Changes { get; init; } = 5_000;

    /// <summary>Lists that are asked for in the day.</summary>
    public int Requests { get; init; } = 100_000;

    /// <summary>Users; few, so that their rows reach their full size within the day.</summary>
    public int Users { get; init; } = 2_000;

    /// <summary>Hours that the feedback archive is kept, so that a day shows it level off.</summary>
    public int ArchiveHours { get; init; } = 6;

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
