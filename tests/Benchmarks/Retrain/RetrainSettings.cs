namespace ServerlessRec.Benchmarks.Retrain;

/// <summary>What the retrain verb measures.</summary>
internal sealed record RetrainSettings
{
    /// <summary>Readers of the demo site.</summary>
    public int Users { get; init; } = 1500;

    /// <summary>Items published before the first day.</summary>
    public int Items { get; init; } = 1500;

    /// <summary>Days that the first release learns from; one more is lived through, and the one after it asks.</summary>
    public int Days { get; init; } = 29;

    /// <summary>Worlds with seeds of their own.</summary>
    public int Worlds { get; init; } = 2;

    /// <summary>Epochs at most of each training.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
