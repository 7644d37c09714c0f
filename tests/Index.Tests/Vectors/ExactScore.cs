namespace ServerlessRec.Index.Tests.Vectors;

/// <summary>Scores in double precision, as <see cref="Metric"/> defines them.</summary>
internal static class ExactScore
{
    public static double Of(Metric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> vector) => metric switch
    {
        Metric.InnerProduct => Dot(query, vector),
        Metric.Cosine => Dot(query, vector) / Math.Max(1e-30, Math.Sqrt(Dot(query, query) * Dot(vector, vector))),
        _ => -SquaredDistance(query, vector),
    };

    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }
}
