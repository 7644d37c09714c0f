namespace ServerlessRec.Benchmarks.Train;

/// <summary>What the train verb measures.</summary>
internal sealed record TrainSettings
{
    /// <summary>Interactions of the pooled tower's case.</summary>
    public int PooledPairs { get; init; } = 800_000;

    /// <summary>Interactions of the sequence tower's case.</summary>
    public int SequenceEvents { get; init; } = 1_000_000;

    /// <summary>Epochs at most of the pooled tower.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
