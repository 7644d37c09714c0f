using System.Numerics.Tensors;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// The popularity prior and how it gets into vectors of unit length. An item's score for a user is u · v / temperature + p(item), where p is
/// a learned weighting of the item's popularity figures. Item vector = [v / temperature, p, √(R² − p²)] / √(1 / temperature² + R²) and user vector =
/// [u, 1, 0] / √2 have unit length and that score as their dot product, times a constant; R is the largest |p|, with p shifted to the middle of its range.
/// </summary>
/// <remarks>So u and v need not spend their directions on what is popular just now, and a search by cosine still finds the best scores.</remarks>
internal sealed class PopularityPrior
{
    /// <summary>Numbers of a vector that carry the prior.</summary>
    public const int Width = 2;

    /// <summary>1 / √2: length of u, and the number that meets p, in user vectors.</summary>
    public const float UserScale = 0.70710678f;

    private readonly double _trainingTemperature;

    public PopularityPrior(int features, double temperature)
    {
        _trainingTemperature = temperature;
        Exponents = Weight.Zeros("prior.exponents", features, 1);
        Exponents.Numbers.Fill(1f / features);
        Shifts = new float[features];
    }

    /// <summary>
    /// What taste counts beside popularity, in units of the training's: 1 as trained, less brings lists nearer to what everybody takes.
    /// Settle again after a change.
    /// </summary>
    public double TasteWeight { get; set; } = 1;

    /// <summary>Of the training's softmax, divided by <see cref="TasteWeight"/>.</summary>
    public double Temperature => _trainingTemperature / TasteWeight;

    /// <summary>[K, 1]: what each popularity figure counts, as trained.</summary>
    public Weight Exponents { get; }

    /// <summary>K numbers that finished towers add to <see cref="Exponents"/>. Settle again after a change.</summary>
    public IReadOnlyList<float> Shifts { get; set; }

    /// <summary>1 / √(1 / temperature² + R²) / temperature: the length of v in item vectors.</summary>
    public float VectorScale { get; private set; } = 1;

    /// <summary>What the dot product of an item vector and a user vector is multiplied by to be u · v / temperature + p, but for a constant added.</summary>
    public double ScoreScale => 1 / (VectorScale * UserScale * Temperature);

    /// <summary>Rows of the id table × 2: (p, √(R² − p²)), scaled. Row 0 is for items without an id: they get the median p.</summary>
    public float[] Rows { get; private set; } = [];

    /// <summary>What a popularity figure counts.</summary>
    public float ExponentOf(int figure) => Exponents.Numbers[figure] + Shifts[figure];

    /// <summary>Settles the prior at one moment.</summary>
    /// <param name="priorOf">p of each item.</param>
    /// <param name="ids">Row of each item in the id table; 0: none.</param>
    public void Settle(ReadOnlySpan<float> priorOf, ReadOnlySpan<int> ids)
    {
        var priors = new float[ids.Length == 0 ? 1 : Max(ids) + 1];
        for (var item = 0; item < ids.Length; item++)
        {
            if (ids[item] > 0)
            {
                priors[ids[item]] = priorOf[item];
            }
        }

        priors[0] = Median(priors.AsSpan(1));
        var (lowest, highest) = (TensorPrimitives.Min(priors), TensorPrimitives.Max(priors));
        var (middle, reach) = ((lowest + highest) / 2, (highest - lowest) / 2);
        var norm = Math.Sqrt((1 / (Temperature * Temperature)) + (reach * reach));
        VectorScale = (float)(1 / (Temperature * norm));
        Rows = new float[priors.Length * Width];
        for (var row = 0; row < priors.Length; row++)
        {
            var prior = priors[row] - middle;
            Rows[row * Width] = (float)(prior / norm);
            Rows[(row * Width) + 1] = (float)(Math.Sqrt(Math.Max(0, (reach * reach) - (prior * prior))) / norm);
        }
    }

    private static int Max(ReadOnlySpan<int> values) => TensorPrimitives.Max(values);

    /// <summary>The middle one; 0 of none.</summary>
    public static float Median(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            return 0;
        }

        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
