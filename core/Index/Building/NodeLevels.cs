namespace ServerlessRec.Index.Building;

/// <summary>The level of a node: geometric with factor 1/M (Malkov and Yashunin, section 4), a function of seed and ordinal alone.</summary>
internal static class NodeLevels
{
    private const int Highest = 15;

    public static int Level(ulong seed, int ordinal, int m)
    {
        // SplitMix64 (Steele, Lea, Flood, 2014): neighbouring ordinals give unrelated numbers.
        var bits = seed + (((ulong)ordinal + 1) * 0x9E3779B97F4A7C15);
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        bits ^= bits >> 31;
        var level = 0;
        for (; level < Highest && bits % (ulong)m == 0; bits /= (ulong)m)
            level++;
        return level;
    }
}
