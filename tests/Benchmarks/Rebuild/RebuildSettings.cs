namespace ServerlessRec.Benchmarks.Rebuild;

/// <summary>What the rebuild verb runs.</summary>
internal sealed record RebuildSettings
{
    /// <summary>A store with a trained release; null: one is trained on demo data.</summary>
    public string? Store { get; init; }

    /// <summary>Items of the release that is rebuilt.</summary>
    public int Items { get; init; } = 50_000;

    /// <summary>Item changes that the rebuild takes in.</summary>
    public int Changes { get; init; } = 1_000;

    /// <summary>Requests a second.</summary>
    public int Rate { get; init; } = 500;

    /// <summary>Users who ask, each with a history of 20.</summary>
    public int Users { get; init; } = 2_000;

    /// <summary>Seconds that are measured before the rebuild begins.</summary>
    public int SecondsBefore { get; init; } = 10;

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
