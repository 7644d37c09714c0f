namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>What the coldstart verb runs.</summary>
internal sealed record ColdStartSettings
{
    /// <summary>Items of the release.</summary>
    public int Items { get; init; } = 100_000;

    /// <summary>Dimensions of their vectors.</summary>
    public int Dimensions { get; init; } = 64;

    /// <summary>Starts of each program, one program after the other in every round.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>Whether each program is also started with release and user in Azurite.</summary>
    public bool Azurite { get; init; }

    /// <summary>Folder with the published programs; null: they are published first.</summary>
    public string? Published { get; init; }

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
