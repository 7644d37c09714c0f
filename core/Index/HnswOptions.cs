namespace ServerlessRec.Index;

/// <summary>How an index is built. Every value is checked when <see cref="HnswIndex.Build"/> starts.</summary>
public sealed record HnswOptions
{
    /// <summary>The fewest dimensions a vector may have.</summary>
    public const int MinDimensions = 8;

    /// <summary>The most dimensions a vector may have.</summary>
    public const int MaxDimensions = 2048;

    /// <summary>How vectors are compared.</summary>
    public Metric Metric { get; init; } = Metric.InnerProduct;

    /// <summary>Length of every vector, 8 to 2,048.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Links a node chooses for itself (2 × M at the bottom level at most), 4 to 64. Malkov and Yashunin, section 4.1.</summary>
    public int M { get; init; } = 16;

    /// <summary>Candidates weighed for each new node, M to 4,096. More costs build time and gives recall.</summary>
    public int EfConstruction { get; init; } = 200;

    /// <summary>What lies in the graph and is compared while walking.</summary>
    public VectorCodes Codes { get; init; } = VectorCodes.Int8;

    /// <summary>What the final candidates are scored with, and what <see cref="HnswIndex.CopyVector"/> returns. Unused with <see cref="VectorCodes.Float32"/>.</summary>
    public RerankVectors Rerank { get; init; } = RerankVectors.Float32;

    /// <summary>Build threads, 0 = every processor. One thread and one seed give the same bytes again.</summary>
    public int Threads { get; init; }

    /// <summary>Seed of the level of each node.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Validate()
    {
        Check(Enum.IsDefined(Metric), nameof(Metric), Metric, "a defined metric");
        Check(Dimensions is >= MinDimensions and <= MaxDimensions, nameof(Dimensions), Dimensions, "8 to 2048");
        Check(M is >= 4 and <= 64, nameof(M), M, "4 to 64");
        Check(EfConstruction >= M && EfConstruction <= 4096, nameof(EfConstruction), EfConstruction, "M to 4096");
        Check(Enum.IsDefined(Codes), nameof(Codes), Codes, "a defined kind of code");
        Check(Enum.IsDefined(Rerank), nameof(Rerank), Rerank, "a defined kind of rerank vector");
        Check(Threads is >= 0 and <= 1024, nameof(Threads), Threads, "0 to 1024");
    }

    private static void Check<T>(bool holds, string name, T value, string allowed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"HnswOptions.{name} must be {allowed}.");
    }
}
