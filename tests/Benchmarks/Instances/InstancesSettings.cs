namespace ServerlessRec.Benchmarks.Instances;

/// <summary>What the instances verb runs.</summary>
internal sealed record InstancesSettings
{
    /// <summary>A store with a trained release; null: one is trained on demo data.</summary>
    public string? Store { get; init; }

    /// <summary>Items that are posted and hidden.</summary>
    public int Items { get; init; } = 30;

    /// <summary>Releases that are published and rolled back.</summary>
    public int Releases { get; init; } = 10;

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
