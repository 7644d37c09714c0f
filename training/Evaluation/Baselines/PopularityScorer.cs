using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>The same list for everybody: items by their number of interactions.</summary>
public sealed class PopularityScorer : IScorer
{
    private readonly float[] _counts;

    /// <summary>Counts the interactions of each item.</summary>
    public PopularityScorer(Dataset dataset, IReadOnlyList<Interaction> learned)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(learned);
        _counts = new float[dataset.Items.Count];
        foreach (var interaction in learned)
        {
            _counts[interaction.Item]++;
        }
    }

    /// <inheritdoc/>
    public string Name => "popularity";

    /// <inheritdoc/>
    public void Score(EvaluationCase evaluationCase, Span<float> scores) => _counts.CopyTo(scores);
}
