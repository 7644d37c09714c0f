namespace ServerlessRec.Training.DemoData;

/// <summary>Random numbers for one purpose: what one day or reader draws never shifts what another draws.</summary>
internal static class DemoRandom
{
    /// <summary>The source for a seed, a purpose and two numbers such as day and reader.</summary>
    public static Random Create(int seed, int purpose, int first, int second = 0)
    {
        ulong state = 0x9E3779B97F4A7C15;
        foreach (var part in (ReadOnlySpan<int>)[seed, purpose, first, second])
        {
            state = (state ^ (uint)part) * 0xBF58476D1CE4E5B9;
            state ^= state >> 29;
        }

        return new Random((int)(state >> 33));
    }

    /// <summary>A number around 1 with a long tail to the right.</summary>
    public static double LogNormal(this Random random, double spread)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Math.Exp(spread * normal);
    }
}
