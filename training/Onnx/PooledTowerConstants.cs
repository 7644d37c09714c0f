using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>
/// The pooled tower's weights in the shapes that its graph multiplies by. They take item vectors as they are stored: the scale of their own
/// part is divided out, and the numbers that carry the prior meet zeros. So a batch's largest tensor is read in place, never cut or scaled.
/// </summary>
internal sealed class PooledTowerConstants
{
    /// <summary>Columns of the inputs of the logits' network: age, place, and 1 for padding.</summary>
    public const int Times = 3;

    private readonly PooledTowerNetwork _network;
    private readonly int _dimensions;
    private readonly int _own;
    private readonly float _scale;

    public PooledTowerConstants(TowerPair towers, PooledTowerNetwork network)
    {
        _network = network;
        _dimensions = towers.Spec.Dimensions;
        _own = _dimensions - PopularityPrior.Width;
        _scale = 1 / towers.Prior.VectorScale;
        AgeUnits = (int)_network.Age.FirstBias.Shape[0];
        MlpUnits = (int)_network.Mlp.FirstBias.Shape[0];
    }

    public int AgeUnits { get; }

    public int MlpUnits { get; }

    /// <summary>[3, units + 3]: the age network's first layer, and beside it the three inputs themselves: none is negative, so that relu lets them through.</summary>
    public float[] TimesFirst
    {
        get
        {
            var width = AgeUnits + Times;
            var first = new float[Times * width];
            _network.Age.First.Numbers[..AgeUnits].CopyTo(first);
            _network.Age.First.Numbers[AgeUnits..].CopyTo(first.AsSpan(width));
            for (var input = 0; input < Times; input++)
            {
                first[(input * width) + AgeUnits + input] = 1;
            }

            return first;
        }
    }

    /// <summary>[units + 3].</summary>
    public float[] TimesFirstBias => [.. _network.Age.FirstBias.Numbers, .. new float[Times]];

    /// <summary>[units + 3, H]: second layer, slopes of age and place, and what keeps padding out.</summary>
    public float[] TimesSecond =>
        [.. _network.Age.Second.Numbers, .. _network.Slopes.Numbers, .. Enumerable.Repeat(-PooledTowerNetwork.Never, _network.Means)];

    /// <summary>[H].</summary>
    public Weight TimesSecondBias => _network.Age.SecondBias;

    /// <summary>[D, H].</summary>
    public float[] Queries => Stored(_network.Queries.Numbers, 1, _network.Means, _network.Means);

    /// <summary>[H·D, D]: from means of stored vectors to a vector's own part, zeros where the prior goes.</summary>
    public float[] Residual => Stored(_network.Residual.Numbers, _network.Means, _own, _dimensions);

    /// <summary>[H·D, units].</summary>
    public float[] MlpFirst => Stored(_network.Mlp.First.Numbers, _network.Means, MlpUnits, MlpUnits);

    /// <summary>[units].</summary>
    public Weight MlpFirstBias => _network.Mlp.FirstBias;

    /// <summary>[units, D].</summary>
    public float[] MlpSecond => Widened(_network.Mlp.Second.Numbers);

    /// <summary>[D].</summary>
    public float[] MlpSecondBias => Widened(_network.Mlp.SecondBias.Numbers);

    // [blocks·D', columns] → [blocks·D, wide]: rows for the prior's numbers and columns for them are zeros.
    private float[] Stored(ReadOnlySpan<float> weights, int blocks, int columns, int wide)
    {
        var stored = new float[blocks * _dimensions * wide];
        for (var block = 0; block < blocks; block++)
        {
            for (var row = 0; row < _own; row++)
            {
                var from = weights.Slice(((block * _own) + row) * columns, columns);
                var to = stored.AsSpan(((block * _dimensions) + row) * wide, columns);
                for (var column = 0; column < columns; column++)
                {
                    to[column] = from[column] * _scale;
                }
            }
        }

        return stored;
    }

    // [rows, D'] → [rows, D].
    private float[] Widened(ReadOnlySpan<float> weights)
    {
        var rows = weights.Length / _own;
        var widened = new float[rows * _dimensions];
        for (var row = 0; row < rows; row++)
        {
            weights.Slice(row * _own, _own).CopyTo(widened.AsSpan(row * _dimensions));
        }

        return widened;
    }
}
