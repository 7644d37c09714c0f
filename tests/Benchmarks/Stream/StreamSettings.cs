namespace ServerlessRec.Benchmarks.Stream;

/// <summary>What the stream verb runs.</summary>
internal sealed record StreamSettings
{
    /// <summary>A store with a trained release; null: one is trained on demo data.</summary>
    public string? Store { get; init; }

    /// <summary>Through Event Hubs clients into Azurite, instead of the embedded parts.</summary>
    public bool Azurite { get; init; }

    /// <summary>Events of each part.</summary>
    public int Events { get; init; } = 400_000;

    /// <summary>Users the events belong to.</summary>
    public int Users { get; init; } = 20_000;

    /// <summary>History entries each user has before.</summary>
    public int History { get; init; } = 30;

    /// <summary>Events a batch.</summary>
    public int Batch { get; init; } = 100;

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
