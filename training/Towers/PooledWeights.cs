using System.Numerics.Tensors;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>A copy of the weights behind the shares of <see cref="PooledMeans"/>, readable on all threads.</summary>
internal sealed class PooledWeights(PooledTowerNetwork network)
{
    private readonly int _means = network.Means;
    private readonly float[] _types = network.Types.Numbers.ToArray();
    private readonly float[] _slopes = network.Slopes.Numbers.ToArray();
    private readonly float[] _ageFirst = network.Age.First.Numbers.ToArray();
    private readonly float[] _ageSecond = network.Age.Second.Numbers.ToArray();

    /// <summary>D.</summary>
    public int Dimensions { get; } = (int)network.Queries.Shape[0];

    /// <summary>D, padded.</summary>
    public int Width { get; } = MatrixProduct.Padded((int)network.Queries.Shape[0]);

    /// <summary>Rows of the type weights: types + 1.</summary>
    public int TypeRows { get; } = (int)network.Types.Shape[0];

    /// <summary>H.</summary>
    public int Means => _means;

    /// <summary>[D, H].</summary>
    public float[] Queries { get; } = network.Queries.Numbers.ToArray();

    public float[] AgeFirstBias { get; } = network.Age.FirstBias.Numbers.ToArray();

    public float Type(int type, int mean) => _types[(type * _means) + mean];

    public float Slope(int time, int mean) => _slopes[(time * _means) + mean];

    public float AgeFirst(int time, int unit) => _ageFirst[(time * PooledTowerNetwork.AgeUnits) + unit];

    public float AgeSecond(int unit, int mean) => _ageSecond[(unit * _means) + mean];

    /// <summary>[U, D] vectors · queries → [U, H].</summary>
    public float[] Affinities(float[] vectors)
    {
        var byMean = Transposed();
        var affinities = new float[vectors.Length / Dimensions * _means];
        for (var at = 0; at < affinities.Length; at++)
        {
            affinities[at] = TensorPrimitives.Dot<float>(
                vectors.AsSpan(at / _means * Dimensions, Dimensions), byMean.AsSpan(at % _means * Dimensions, Dimensions));
        }

        return affinities;
    }

    /// <summary>Queries as [H, D].</summary>
    public float[] Transposed()
    {
        var byMean = new float[Queries.Length];
        for (var at = 0; at < byMean.Length; at++)
        {
            byMean[(at % _means * Dimensions) + (at / _means)] = Queries[at];
        }

        return byMean;
    }
}
