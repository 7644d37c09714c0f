namespace ServerlessRec.Benchmarks.Load;

/// <summary>What the load verb runs.</summary>
internal sealed record LoadSettings
{
    /// <summary>Items of the release.</summary>
    public int Items { get; init; } = 200_000;

    /// <summary>Dimensions of their vectors.</summary>
    public int Dimensions { get; init; } = 64;

    /// <summary>Loads and downloads, in turn.</summary>
    public int Rounds { get; init; } = 15;

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
