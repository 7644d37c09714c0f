namespace ServerlessRec.Index.Codes;

/// <summary>Vectors to bytes and queries to 16 bits, each with a scale of its own.</summary>
internal static unsafe class Int8Quantizer
{
    /// <summary>value ≈ scale × code, |code| ≤ 127. Returns the scale; 0 for a zero vector.</summary>
    public static float Encode(float* values, int dimensions, sbyte* code)
    {
        var largest = LargestMagnitude(values, dimensions);
        if (largest < 1e-30f)
        {
            new Span<sbyte>(code, dimensions).Clear();
            return 0;
        }
        var scale = largest / 127f;
        for (var i = 0; i < dimensions; i++)
            code[i] = (sbyte)Math.Clamp((int)MathF.Round(values[i] / scale), -127, 127);
        return scale;
    }

    /// <summary>value ≈ scale × (code + residual / 256): continues an encoded vector to 16 bits.</summary>
    public static void EncodeResidual(float* values, int dimensions, sbyte* code, float scale, sbyte* residual)
    {
        for (var i = 0; i < dimensions; i++)
            residual[i] = scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp((int)MathF.Round(((values[i] / scale) - code[i]) * 256f), -128, 127);
    }

    /// <summary>
    /// value ≈ scale × query in as many of 16 bits as keep every sum with codes inside 32: |query| × 127 × dimensions &lt; 2³¹.
    /// </summary>
    public static float EncodeQuery(float* values, int dimensions, short* query)
    {
        var largest = LargestMagnitude(values, dimensions);
        if (largest < 1e-30f)
        {
            new Span<short>(query, dimensions).Clear();
            return 0;
        }
        var limit = Math.Min(16383f, MathF.Floor(2147483647f / (128f * dimensions)));
        var scale = largest / limit;
        for (var i = 0; i < dimensions; i++)
            query[i] = (short)MathF.Round(values[i] / scale);
        return scale;
    }

    /// <summary>
    /// What makes scores between two coded vectors symmetric: −|x|²/2 under squared L2, and what the centre adds otherwise.
    /// </summary>
    public static float Bias(sbyte* code, float scale, ReadOnlySpan<float> centre, Metric metric)
    {
        var sum = 0.0;
        for (var d = 0; d < centre.Length; d++)
        {
            double value = code[d] * scale;
            sum += metric == Metric.SquaredL2 ? value * value * -0.5 : value * centre[d];
        }
        return (float)sum;
    }

    private static float LargestMagnitude(float* values, int dimensions)
    {
        var largest = 0f;
        for (var i = 0; i < dimensions; i++)
            largest = MathF.Max(largest, MathF.Abs(values[i]));
        return largest;
    }
}
