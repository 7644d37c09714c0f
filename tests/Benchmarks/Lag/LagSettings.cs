namespace ServerlessRec.Benchmarks.Lag;

/// <summary>What the lag verb runs.</summary>
internal sealed record LagSettings
{
    /// <summary>A store with a trained release; null: one is trained on demo data.</summary>
    public string? Store { get; init; }

    /// <summary>Through Event Hubs clients into Azurite, instead of the embedded parts.</summary>
    public bool Azurite { get; init; }

    /// <summary>Clicks a second, each of another user.</summary>
    public int Rate { get; init; } = 200;

    /// <summary>Seconds that are measured, after three that are not.</summary>
    public int Seconds { get; init; } = 30;

    /// <summary>Users, each with a history of 20.</summary>
    public int Users { get; init; } = 5_000;

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? Json { get; init; }
}
