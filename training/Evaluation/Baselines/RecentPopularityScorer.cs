using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>
/// Items by their interactions in the last days before the question; equal counts by all-time popularity. On global time splits this
/// list can be ahead of trained models, so it is always reported.
/// </summary>
public sealed class RecentPopularityScorer : IScorer
{
    private readonly Interaction[] _learned;
    private readonly float[] _background;
    private readonly long _window;

    /// <summary>Learns from interactions in the order of their timestamps.</summary>
    /// <param name="dataset">Whose items are scored.</param>
    /// <param name="learned">Interactions in the order of their timestamps.</param>
    /// <param name="days">Length of the window in days, above 0.</param>
    public RecentPopularityScorer(Dataset dataset, IReadOnlyList<Interaction> learned, double days = 7)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(learned);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        Name = FormattableString.Invariant($"popularity, {days:0.##} days");
        _learned = [.. learned];
        _window = (long)(days * 24 * 3600 * 1000);
        _background = new float[dataset.Items.Count];
        foreach (var interaction in learned)
        {
            _background[interaction.Item]++;
        }

        // Below 1, so that it only decides between equal counts.
        var most = _background.DefaultIfEmpty().Max();
        for (var item = 0; item < _background.Length; item++)
        {
            _background[item] /= most + 1;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public void Score(EvaluationCase evaluationCase, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(evaluationCase);
        _background.CopyTo(scores);
        var end = FirstFrom(evaluationCase.AskedAt);
        for (var place = FirstFrom(evaluationCase.AskedAt - _window); place < end; place++)
        {
            scores[_learned[place].Item]++;
        }
    }

    private int FirstFrom(long moment)
    {
        int low = 0, high = _learned.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_learned[middle].UnixMilliseconds < moment)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
