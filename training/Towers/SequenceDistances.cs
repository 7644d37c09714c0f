namespace ServerlessRec.Training.Towers;

/// <summary>
/// What the sequence tower knows of how far back an entry lies: ln(1 + distance), and whether it is the entry itself, the one before, and
/// so on. Nothing is learned of places beyond the training's, so a history may be of any length.
/// </summary>
internal static class SequenceDistances
{
    /// <summary>K.</summary>
    public const int Features = 5;

    /// <summary>The K figures of a distance, 0 for the entry itself.</summary>
    public static void Write(int distance, Span<float> figures)
    {
        figures.Clear();
        figures[0] = MathF.Log(1 + distance);
        if (distance < Features - 1)
        {
            figures[1 + distance] = 1;
        }
    }

    /// <summary>Row-major [L·L, K]: the distance from the first entry back to the second; 0 for later ones, which are masked.</summary>
    public static float[] Between(int length)
    {
        var figures = new float[length * length * Features];
        for (var at = 0; at < length * length; at++)
        {
            Write(Math.Max(0, (at / length) - (at % length)), figures.AsSpan(at * Features, Features));
        }

        return figures;
    }
}
