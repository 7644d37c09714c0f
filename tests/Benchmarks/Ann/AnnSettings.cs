using ServerlessRec.Index;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>What the ann verb was asked for.</summary>
internal sealed record AnnSettings
{
    public int Count { get; init; } = 200_000;

    public int Dimensions { get; init; } = 64;

    public int Queries { get; init; } = 1000;

    public Metric Metric { get; init; } = Metric.InnerProduct;

    public int K { get; init; } = 10;

    public int M { get; init; } = 16;

    public int EfConstruction { get; init; } = 200;

    public int Rounds { get; init; } = 7;

    public int BuildThreads { get; init; } = 1;

    public RerankVectors Rerank { get; init; } = RerankVectors.Half;

    public string Peers { get; init; } = "all";

    public string? Release { get; init; }

    public bool ProcessorTime { get; init; }

    public bool Extras { get; init; } = true;

    public int ChurnRounds { get; init; }

    public int Seed { get; init; } = 2;

    public string? Json { get; init; }

    public string? Plot { get; init; }
}
