using System.Numerics.Tensors;

namespace ServerlessRec.Training.Learning;

/// <summary>
/// The moving average of everything two towers learn, over the last half of an epoch (Polyak and Juditsky 1992). Each step is drawn to its own
/// batch; their average is nearer to what all batches want, and is what is measured and kept.
/// </summary>
internal sealed class AverageWeights
{
    private const int Every = 8;
    private const double Epochs = 0.5;

    private readonly TowerPair _towers;
    private readonly double _keeps;
    private readonly List<float[]> _averages;

    /// <param name="towers">Whose.</param>
    /// <param name="stepsOfAnEpoch">About how many.</param>
    public AverageWeights(TowerPair towers, int stepsOfAnEpoch)
    {
        _towers = towers;
        _keeps = 1 - Math.Min(1, Every / (stepsOfAnEpoch * Epochs));
        _averages = [.. towers.Learned.Select(numbers => numbers.ToArray())];
    }

    /// <summary>For files; writing changes the averages.</summary>
    public IReadOnlyList<float[]> Arrays => _averages;

    /// <summary>Takes a step's numbers in.</summary>
    /// <param name="step">From 1. The first steps start from nothing and are forgotten sooner.</param>
    public void Add(int step)
    {
        if (step % Every != 0)
        {
            return;
        }

        var taken = step / Every;
        var share = (float)(1 - Math.Min(_keeps, taken / (taken + 9.0)));
        var place = 0;
        foreach (var numbers in _towers.Learned)
        {
            var average = _averages[place++].AsSpan();
            TensorPrimitives.Lerp(average, numbers.Span, share, average);
        }
    }

    /// <summary>Exchanges the towers' numbers and the averages; a second time puts them back.</summary>
    public void Swap()
    {
        var place = 0;
        foreach (var numbers in _towers.Learned)
        {
            var own = numbers.ToArray();
            _averages[place].CopyTo(numbers);
            own.CopyTo(_averages[place++], 0);
        }
    }
}
