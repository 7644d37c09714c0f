namespace ServerlessRec.Benchmarks.Ann;

/// <summary>Vectors as towers give them: clusters of unequal width and size around centres of their own, norms that differ a little.</summary>
internal sealed class ClusteredVectors
{
    private readonly int _dimensions;
    private readonly float[] _centres;
    private readonly float[] _widths;

    public ClusteredVectors(int dimensions, int clusters, int seed)
    {
        _dimensions = dimensions;
        var random = new Random(seed);
        _centres = new float[clusters * dimensions];
        for (var i = 0; i < _centres.Length; i++)
            _centres[i] = Gaussian(random);
        _widths = new float[clusters];
        for (var i = 0; i < clusters; i++)
            _widths[i] = 0.5f + (0.5f * random.NextSingle());
    }

    public float[] Make(int count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count * _dimensions];
        for (var i = 0; i < count; i++)
        {
            // Squared: some clusters are much larger than others.
            var cluster = (int)(random.NextDouble() * random.NextDouble() * _widths.Length);
            var factor = MathF.Exp(0.1f * Gaussian(random));
            for (var d = 0; d < _dimensions; d++)
                values[(i * _dimensions) + d] = factor * (_centres[(cluster * _dimensions) + d] + (_widths[cluster] * Gaussian(random)));
        }
        return values;
    }

    private static float Gaussian(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
