using System.Numerics.Tensors;

namespace ServerlessRec.Training.Towers;

/// <summary>Gradients that one thread of <see cref="PooledMeans"/> adds up.</summary>
internal sealed class PooledGradients(PooledWeights weights, int vectors, int affinities)
{
    /// <summary>[U, D].</summary>
    public float[] Vectors { get; } = new float[vectors];

    /// <summary>[U, H].</summary>
    public float[] Affinities { get; } = new float[affinities];

    public float[] Types { get; } = new float[weights.TypeRows * weights.Means];

    public float[] Slopes { get; } = new float[2 * weights.Means];

    public float[] AgeFirst { get; } = new float[2 * PooledTowerNetwork.AgeUnits];

    public float[] AgeFirstBias { get; } = new float[PooledTowerNetwork.AgeUnits];

    public float[] AgeSecond { get; } = new float[PooledTowerNetwork.AgeUnits * weights.Means];

    private float[][] All => [Vectors, Affinities, Types, Slopes, AgeFirst, AgeFirstBias, AgeSecond];

    /// <summary>Adds another thread's.</summary>
    public void Add(PooledGradients other)
    {
        foreach (var (sum, part) in All.Zip(other.All))
        {
            TensorPrimitives.Add<float>(sum, part, sum);
        }
    }

    /// <summary>Hands the gradients to the network's weights, and those of the affinities to queries and vectors.</summary>
    public void AddTo(PooledTowerNetwork network, PooledWeights of, float[] itemVectors)
    {
        var queries = of.Transposed();
        var byQueries = new float[queries.Length]; // [H, D]
        for (var at = 0; at < Affinities.Length; at++)
        {
            var byVector = Vectors.AsSpan(at / of.Means * of.Dimensions, of.Dimensions);
            var byQuery = byQueries.AsSpan(at % of.Means * of.Dimensions, of.Dimensions);
            TensorPrimitives.MultiplyAdd(queries.AsSpan(at % of.Means * of.Dimensions, of.Dimensions), Affinities[at], byVector, byVector);
            TensorPrimitives.MultiplyAdd(itemVectors.AsSpan(at / of.Means * of.Dimensions, of.Dimensions), Affinities[at], byQuery, byQuery);
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
