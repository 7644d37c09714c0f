namespace ServerlessRec.Index.Tests.Vectors;

/// <summary>Seeded vectors in clusters, as item embeddings lie, and the exact answers over them.</summary>
internal sealed class VectorSet
{
    private readonly float[] _values;

    private VectorSet(int count, int dimensions, float[] values) => (Count, Dimensions, _values) = (count, dimensions, values);

    public int Count { get; }

    public int Dimensions { get; }

    public static VectorSet Clustered(int count, int dimensions, int seed, int clusters = 50, double normSpread = 0, bool unit = false)
    {
        var random = new Random(seed);
        var centres = Gaussian(new Random(77), clusters * dimensions);
        var values = Gaussian(random, count * dimensions);
        for (var i = 0; i < count; i++)
        {
            var cluster = random.Next(clusters);
            var row = values.AsSpan(i * dimensions, dimensions);
            for (var d = 0; d < dimensions; d++)
                row[d] = (row[d] * 0.6f) + centres[(cluster * dimensions) + d];
            var factor = Math.Exp(normSpread * NextGaussian(random));
            if (unit)
                factor /= Math.Sqrt(ExactScore.Dot(row, row));
            for (var d = 0; d < dimensions; d++)
                row[d] = (float)(row[d] * factor);
        }
        return new VectorSet(count, dimensions, values);
    }

    public ReadOnlySpan<float> this[int ordinal] => _values.AsSpan(ordinal * Dimensions, Dimensions);

    public void Read(int ordinal, Span<float> destination) => this[ordinal].CopyTo(destination);

    public double Score(Metric metric, ReadOnlySpan<float> query, int ordinal) => ExactScore.Of(metric, query, this[ordinal]);

    /// <summary>The exact best ordinals, best first.</summary>
    public int[] Nearest(Metric metric, ReadOnlySpan<float> query, int k, Func<int, bool>? matches = null)
    {
        var scored = new List<(double, int)>(Count);
        for (var i = 0; i < Count; i++)
        {
            if (matches is null || matches(i))
                scored.Add((-Score(metric, query, i), i));
        }
        scored.Sort();
        return [.. scored.Take(k).Select(s => s.Item2)];
    }

    private static float[] Gaussian(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)NextGaussian(random);
        return values;
    }

    private static double NextGaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
