using System.Numerics.Tensors;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>
/// The pooled tower's weights in the shapes that its graph multiplies by. They take item vectors as they are stored: the scale of their own
/// part is divided out, and the numbers that carry the prior meet zeros. So a batch's largest tensor is read in place, never cut or scaled.
/// </summary>
internal sealed class PooledTowerConstants
{
    /// <summary>Rows of the inputs of the logits' network: age, place, and 1 for padding.</summary>
    public const int Times = 3;

    private readonly PooledTowerNetwork _network;
    private readonly int _dimensions;
    private readonly float _scale;

    public PooledTowerConstants(TowerPair towers, PooledTowerNetwork network)
    {
        _network = network;
        _dimensions = towers.Spec.Dimensions;
        Own = _dimensions - PopularityPrior.Width;
        _scale = 1 / towers.Prior.VectorScale;
        AgeUnits = (int)_network.Age.FirstBias.Shape[0];
        MlpUnits = (int)_network.Mlp.FirstBias.Shape[0];
    }

    /// <summary>D'.</summary>
    public int Own { get; }

    public int AgeUnits { get; }

    public int MlpUnits { get; }

    /// <summary>
    /// [units + 3, 3]: the age network's first layer, whose bias goes by an entry's weight, and below it what relu lets through: age and place, of
    /// which none is negative, and the place of padding turned round, which lies far below zero.
    /// </summary>
    public float[] TimesFirst
    {
        get
        {
            var first = new float[(AgeUnits + Times) * Times];
            for (var unit = 0; unit < AgeUnits; unit++)
            {
                first[unit * Times] = _network.Age.First.Numbers[unit];
                first[(unit * Times) + 1] = _network.Age.First.Numbers[AgeUnits + unit];
                first[(unit * Times) + 2] = _network.Age.FirstBias.Numbers[unit];
            }

            first[AgeUnits * Times] = 1;
            first[((AgeUnits + 1) * Times) + 1] = 1;
            first[((AgeUnits + 2) * Times) + 1] = -1;
            return first;
        }
    }

    /// <summary>[H, units + 3]: second layer, slopes of age and place, and what keeps padding out.</summary>
    public float[] TimesSecond
    {
        get
        {
            var (means, width) = (_network.Means, AgeUnits + Times);
            float[] rows = [.. _network.Age.Second.Numbers, .. _network.Slopes.Numbers, .. Enumerable.Repeat(-PooledTowerNetwork.Never, means)];
            return [.. Enumerable.Range(0, means * width).Select(at => rows[(at % width * means) + (at / width)])];
        }
    }

    /// <summary>[types + 1, H]: with the bias of the age network's second layer.</summary>
    public float[] Types
    {
        get
        {
            var types = _network.Types.Numbers.ToArray();
            for (var at = 0; at < types.Length; at++)
            {
                types[at] += _network.Age.SecondBias.Numbers[at % _network.Means];
            }

            return types;
        }
    }

    /// <summary>[D, H].</summary>
    public float[] Queries => Stored(_network.Queries.Numbers, 1, _network.Means);

    /// <summary>[H·D, D']: from means of stored vectors to a vector's own part.</summary>
    public float[] Residual => Stored(_network.Residual.Numbers, _network.Means, Own);

    /// <summary>[H·D, units].</summary>
    public float[] MlpFirst => Stored(_network.Mlp.First.Numbers, _network.Means, MlpUnits);

    /// <summary>[units].</summary>
    public Weight MlpFirstBias => _network.Mlp.FirstBias;

    /// <summary>[units, D'].</summary>
    public Weight MlpSecond => _network.Mlp.Second;

    /// <summary>[D'].</summary>
    public Weight MlpSecondBias => _network.Mlp.SecondBias;

    // [blocks·D', columns] → [blocks·D, columns]: rows for the prior's numbers are zeros.
    private float[] Stored(ReadOnlySpan<float> weights, int blocks, int columns)
    {
        var stored = new float[blocks * _dimensions * columns];
        for (var block = 0; block < blocks; block++)
        {
            var from = weights.Slice(block * Own * columns, Own * columns);
            TensorPrimitives.Multiply(from, _scale, stored.AsSpan(block * _dimensions * columns, from.Length));
        }

        return stored;
    }
}
