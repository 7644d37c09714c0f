using System.Numerics.Tensors;
using ServerlessRec.Index;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>Vectors, queries from the same distribution, and the exact answers.</summary>
internal sealed class AnnCase
{
    private AnnCase(int dimensions, float[] vectors, float[] queries, int k)
    {
        (Dimensions, Vectors, Queries) = (dimensions, vectors, queries);
        Exact = FindExact(k);
    }

    public int Dimensions { get; }

    public float[] Vectors { get; }

    public float[] Queries { get; }

    public int Count => Vectors.Length / Dimensions;

    public int QueryCount => Queries.Length / Dimensions;

    /// <summary>Per query the set of its k nearest.</summary>
    public HashSet<int>[] Exact { get; }

    public static AnnCase Make(AnnSettings settings)
    {
        float[] vectors, queries;
        var dimensions = settings.Dimensions;
        if (settings.Release is null)
        {
            var source = new ClusteredVectors(dimensions, Math.Max(50, settings.Count / 200), seed: 1);
            vectors = source.Make(settings.Count, settings.Seed);
            queries = source.Make(settings.Queries, seed: 3);
        }
        else
        {
            (vectors, queries, dimensions) = FromRelease(settings);
        }
        if (settings.Metric == Metric.Cosine)
        {
            Normalize(vectors, dimensions);
            Normalize(queries, dimensions);
        }
        return new AnnCase(dimensions, vectors, queries, settings.K);
    }

    /// <summary>A case of these vectors.</summary>
    public static AnnCase Of(int dimensions, float[] vectors, float[] queries, int k) => new(dimensions, vectors, queries, k);

    public ReadOnlySpan<float> Vector(int ordinal) => Vectors.AsSpan(ordinal * Dimensions, Dimensions);

    public ReadOnlySpan<float> Query(int query) => Queries.AsSpan(query * Dimensions, Dimensions);

    public double Recall(ReadOnlySpan<int> ids, int k)
    {
        var found = 0;
        for (var q = 0; q < QueryCount; q++)
        {
            foreach (var id in ids.Slice(q * k, k))
                found += Exact[q].Contains(id) ? 1 : 0;
        }
        return (double)found / (QueryCount * k);
    }

    /// <summary>The exact nearest of one query among those that match.</summary>
    public HashSet<int> Nearest(int query, int k, Func<int, bool>? matches = null)
    {
        var best = new PriorityQueue<int, float>();
        for (var i = 0; i < Count; i++)
        {
            if (matches is not null && !matches(i))
                continue;
            var score = TensorPrimitives.Dot(Query(query), Vector(i));
            if (best.Count < k)
                best.Enqueue(i, score);
            else
                best.EnqueueDequeue(i, score);
        }
        return [.. best.UnorderedItems.Select(item => item.Element)];
    }

    private static (float[] Vectors, float[] Queries, int Dimensions) FromRelease(AnnSettings settings)
    {
        using var index = HnswIndex.OpenMapped(Path.Combine(settings.Release!, "index.snapshot"));
        var vectors = new float[index.Count * index.Dimensions];
        for (var i = 0; i < index.Count; i++)
            index.CopyVector(i, vectors.AsSpan(i * index.Dimensions, index.Dimensions));
        // Queries lie between two items each, as users do.
        var random = new Random(3);
        var queries = new float[settings.Queries * index.Dimensions];
        for (var i = 0; i < queries.Length; i += index.Dimensions)
        {
            var (a, b) = (random.Next(index.Count) * index.Dimensions, random.Next(index.Count) * index.Dimensions);
            for (var d = 0; d < index.Dimensions; d++)
                queries[i + d] = (0.7f * vectors[a + d]) + (0.3f * vectors[b + d]);
        }
        return (vectors, queries, index.Dimensions);
    }

    private static void Normalize(float[] vectors, int dimensions)
    {
        for (var i = 0; i < vectors.Length; i += dimensions)
        {
            var vector = vectors.AsSpan(i, dimensions);
            TensorPrimitives.Divide(vector, Math.Max(TensorPrimitives.Norm(vector), 1e-20f), vector);
        }
    }

    private HashSet<int>[] FindExact(int k)
    {
        var exact = new HashSet<int>[QueryCount];
        Parallel.For(0, QueryCount, q => exact[q] = Nearest(q, k));
        return exact;
    }
}
