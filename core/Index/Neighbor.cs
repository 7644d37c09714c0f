namespace ServerlessRec.Index;

/// <summary>One search result.</summary>
/// <param name="Ordinal">The vector's number as it was given to the build, from 0.</param>
/// <param name="Score">As <see cref="Metric"/> defines it: greater is nearer.</param>
public readonly record struct Neighbor(int Ordinal, float Score);
