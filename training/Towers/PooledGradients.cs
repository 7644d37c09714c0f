using System.Numerics.Tensors;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>Gradients that one thread of <see cref="PooledMeans"/> adds up.</summary>
internal sealed unsafe class PooledGradients(PooledWeights weights)
{
    private readonly FloatBuffer _vectors = new();
    private int _count;

    /// <summary>[U, D], rows padded.</summary>
    public float* Vectors => _vectors.Start;

    /// <summary>[U, H].</summary>
    public float[] Affinities { get; private set; } = [];

    public float[] Types { get; } = new float[weights.TypeRows * weights.Means];

    public float[] Slopes { get; } = new float[2 * weights.Means];

    public float[] AgeFirst { get; } = new float[2 * PooledTowerNetwork.AgeUnits];

    public float[] AgeFirstBias { get; } = new float[PooledTowerNetwork.AgeUnits];

    public float[] AgeSecond { get; } = new float[PooledTowerNetwork.AgeUnits * weights.Means];

    private float[][] Small => [Types, Slopes, AgeFirst, AgeFirstBias, AgeSecond];

    private Span<float> AllVectors => new(Vectors, _count * weights.Width);

    private Span<float> AllAffinities => Affinities.AsSpan(0, _count * weights.Means);

    /// <summary>Sums at zero, for a batch of this many item vectors.</summary>
    public void Begin(int count)
    {
        _count = count;
        _vectors.Zeros((long)count * weights.Width);
        if (Affinities.Length < count * weights.Means)
        {
            Affinities = new float[count * weights.Means];
        }

        AllAffinities.Clear();
        foreach (var sums in Small)
        {
            Array.Clear(sums);
        }
    }

    /// <summary>Adds another thread's.</summary>
    public void Add(PooledGradients other)
    {
        TensorPrimitives.Add(AllVectors, other.AllVectors, AllVectors);
        TensorPrimitives.Add(AllAffinities, other.AllAffinities, AllAffinities);
        foreach (var (sum, part) in Small.Zip(other.Small))
        {
            TensorPrimitives.Add<float>(sum, part, sum);
        }
    }

    /// <summary>[U, D].</summary>
    public float[] VectorsWithoutPadding()
    {
        var exact = new float[_count * weights.Dimensions];
        for (var row = 0; row < _count; row++)
        {
            AllVectors.Slice(row * weights.Width, weights.Dimensions).CopyTo(exact.AsSpan(row * weights.Dimensions));
        }

        return exact;
    }

    /// <summary>Hands the gradients to the network's weights, and those of the affinities to queries and vectors.</summary>
    public void AddTo(PooledTowerNetwork network, PooledWeights of, FloatBuffer itemVectors)
    {
        var queries = of.Transposed();
        var byQueries = new float[queries.Length]; // [H, D]
        for (var at = 0; at < _count * of.Means; at++)
        {
            var place = at / of.Means * of.Width;
            var byVector = AllVectors.Slice(place, of.Dimensions);
            var byQuery = byQueries.AsSpan(at % of.Means * of.Dimensions, of.Dimensions);
            TensorPrimitives.MultiplyAdd(queries.AsSpan(at % of.Means * of.Dimensions, of.Dimensions), Affinities[at], byVector, byVector);
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(itemVectors.Start + place, of.Dimensions), Affinities[at], byQuery, byQuery);
        }

        var transposed = new float[byQueries.Length]; // [D, H]
        for (var at = 0; at < transposed.Length; at++)
        {
            transposed[at] = byQueries[(at % of.Means * of.Dimensions) + (at / of.Means)];
        }

        network.Queries.AddGradient(transposed);
        network.Types.AddGradient(Types);
        network.Slopes.AddGradient(Slopes);
        network.Age.First.AddGradient(AgeFirst);
        network.Age.FirstBias.AddGradient(AgeFirstBias);
        network.Age.Second.AddGradient(AgeSecond);
    }
}
