using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Ranking;

namespace ServerlessRec.Training.Pipeline;

/// <summary>What training and evaluation found out.</summary>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Protocol">How the data was cut.</param>
/// <param name="Rows">Test figures, the model first.</param>
/// <param name="BestEpoch">Chosen on validation.</param>
/// <param name="ValidationNdcg">NDCG@10 of that epoch on validation.</param>
internal sealed record EvaluationReport(string Dataset, string Protocol, IReadOnlyList<EvaluationRow> Rows, int BestEpoch, double ValidationNdcg)
{
    /// <summary>Items held out of training; null: not measured, or too few items have content.</summary>
    public NewItemReport? NewItems { get; init; }

    /// <summary>How the epochs of each tower went; empty where nothing was trained.</summary>
    public IReadOnlyList<TrainingCurve> Curves { get; init; } = [];

    /// <summary>What serving makes of the model; null: not measured.</summary>
    public ServedFigures? Served { get; init; }

    /// <summary>The ranker and why it is good enough or not; null: none was tried.</summary>
    public RankerFinding? Ranker { get; init; }

    /// <summary>Name of the model's row.</summary>
    public const string Model = "model";

    /// <summary>Figures for a manifest, such as "model.ndcg@10".</summary>
    public IReadOnlyDictionary<string, double> ToMetrics()
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["model.validation.ndcg@10"] = ValidationNdcg };
        foreach (var (name, value) in Ranker?.Metrics ?? new Dictionary<string, double>())
        {
            metrics[name] = value;
        }

        foreach (var row in Rows)
        {
            foreach (var at in row.At)
            {
                metrics[FormattableString.Invariant($"{row.Scorer}.recall@{at.K}")] = at.Recall;
                metrics[FormattableString.Invariant($"{row.Scorer}.ndcg@{at.K}")] = at.Ndcg;
                metrics[FormattableString.Invariant($"{row.Scorer}.hr@{at.K}")] = at.HitRate;
                metrics[FormattableString.Invariant($"{row.Scorer}.mrr@{at.K}")] = at.Mrr;
                metrics[FormattableString.Invariant($"{row.Scorer}.coverage@{at.K}")] = at.Coverage;
            }
        }

        return metrics;
    }
}
