using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Kernels;

namespace ServerlessRec.Index.Search;

/// <summary>A query as the metric and the codes want it.</summary>
internal static unsafe class QueryPreparation
{
    /// <summary>Copies the query into the context: checked, normalised for cosine.</summary>
    /// <exception cref="ArgumentException">The length is wrong, or a value is not finite.</exception>
    public static void Load(ReadOnlySpan<float> query, int dimensions, Metric metric, SearchContext context)
    {
        if (query.Length != dimensions)
            throw new ArgumentException($"The query has {query.Length} dimensions, the index {dimensions}.", nameof(query));
        query.CopyTo(new Span<float>(context.Vector, dimensions));
        if (metric == Metric.Cosine)
            Normalize(context.Vector, dimensions);
        var padded = (dimensions + FloatKernel.Step - 1) / FloatKernel.Step * FloatKernel.Step;
        if (!float.IsFinite(FloatKernel.Dot(context.Vector, context.Vector, padded)))
            throw new ArgumentException("The query holds a value that is not finite, or too large.", nameof(query));
    }

    /// <summary>Codes the loaded query for int8 codes around a centre.</summary>
    public static void Encode(ReadOnlySpan<float> centre, int dimensions, Metric metric, SearchContext context)
    {
        var values = context.Vector;
        if (metric == Metric.SquaredL2)
        {
            values = context.Centred;
            for (var i = 0; i < dimensions; i++)
                values[i] = context.Vector[i] - centre[i];
        }
        // Under the inner product the centre adds the same to every score, so the query keeps its place.
        context.Query.Scale = Int8Quantizer.EncodeQuery(values, dimensions, context.Query.Int16);
        context.Query.Offset = 0;
    }

    /// <summary>To unit length; a zero vector stays zero.</summary>
    public static void Normalize(float* vector, int dimensions)
    {
        var squares = 0.0;
        for (var i = 0; i < dimensions; i++)
            squares += (double)vector[i] * vector[i];
        var factor = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (var i = 0; i < dimensions; i++)
            vector[i] = (float)(vector[i] * factor);
    }
}
