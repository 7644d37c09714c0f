namespace ServerlessRec.Benchmarks.Http;

/// <summary>What the http verb runs.</summary>
internal sealed record HttpSettings
{
    /// <summary>Items of the release.</summary>
    public int Items { get; init; } = 100_000;

    /// <summary>Dimensions of their vectors.</summary>
    public int Dimensions { get; init; } = 64;

    /// <summary>Rounds; in each both functions are asked in turn.</summary>
    public int Rounds { get; init; } = 11;

    /// <summary>Requests to each function in a round.</summary>
    public int Requests { get; init; } = 500;

    /// <summary>Folder with published programs of an earlier run; null: the worker is published first.</summary>
    public string? Published { get; init; }

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
