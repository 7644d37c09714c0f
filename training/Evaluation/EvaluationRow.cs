namespace ServerlessRec.Training.Evaluation;

/// <summary>What one scorer reached on a list of cases.</summary>
public sealed record EvaluationRow
{
    /// <summary><see cref="IScorer.Name"/>.</summary>
    public required string Scorer { get; init; }

    /// <summary>Cases measured.</summary>
    public required int Cases { get; init; }

    /// <summary>Cases whose every target was seen before, and which therefore ask nothing.</summary>
    public required int SkippedCases { get; init; }

    /// <summary>Figures for each k, in the order of <see cref="EvaluatorOptions.Ks"/>.</summary>
    public required IReadOnlyList<MetricsAtK> At { get; init; }

    /// <summary>The same figures for users by length of history and for targets by popularity.</summary>
    public IReadOnlyList<SegmentRow> Segments { get; init; } = [];

    /// <summary>The figures at one of the measured list lengths.</summary>
    /// <exception cref="ArgumentOutOfRangeException">That k was not measured.</exception>
    public MetricsAtK AtK(int k) =>
        At.FirstOrDefault(metrics => metrics.K == k) ?? throw new ArgumentOutOfRangeException(nameof(k), k, "This k was not measured.");
}

/// <summary>Figures over lists of one length; means over cases. Relevance is binary.</summary>
public sealed record MetricsAtK
{
    /// <summary>List length.</summary>
    public required int K { get; init; }

    /// <summary>Found targets / all targets.</summary>
    public required double Recall { get; init; }

    /// <summary>Discounted gain (1 / log2(1 + rank)) of the found targets / that of the best possible list of k.</summary>
    public required double Ndcg { get; init; }

    /// <summary>Share of cases with at least one found target.</summary>
    public required double HitRate { get; init; }

    /// <summary>1 / rank of the first found target; 0 when none is in the list.</summary>
    public required double Mrr { get; init; }

    /// <summary>Share of the items that can be recommended which stand in at least one list.</summary>
    public required double Coverage { get; init; }

    /// <summary>Mean of −log2(share of the learning users who know the item) over the listed items; greater is less obvious.</summary>
    public required double Novelty { get; init; }

    /// <summary>
    /// Mean popularity of the listed items in percentiles of the catalogue: 1 = only the most popular item, 0.5 = no bias.
    /// </summary>
    public required double PopularityBias { get; init; }

    /// <summary>The case figures behind the means, in the order of the measured cases.</summary>
    public required IReadOnlyList<CaseMetrics> Cases { get; init; }

    /// <summary><see cref="Ndcg"/> with its confidence interval over cases.</summary>
    public ConfidenceInterval NdcgInterval() => Bootstrap.OfMean([.. Cases.Select(metrics => metrics.Ndcg)]);

    /// <summary>How far <see cref="Ndcg"/> is ahead of another scorer's on the same cases, with its confidence interval.</summary>
    /// <exception cref="ArgumentException">The other one was measured on another number of cases.</exception>
    public ConfidenceInterval NdcgAheadOf(MetricsAtK other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Bootstrap.OfDifference([.. Cases.Select(metrics => metrics.Ndcg)], [.. other.Cases.Select(metrics => metrics.Ndcg)]);
    }
}

/// <summary>One case's figures at one k; see <see cref="MetricsAtK"/>.</summary>
/// <param name="Case">Place in the list of cases given to the evaluator.</param>
/// <param name="Recall">Found targets / all targets.</param>
/// <param name="Ndcg">Normalised discounted gain.</param>
/// <param name="HitRate">1 when a target was found, otherwise 0.</param>
/// <param name="Mrr">1 / rank of the first found target, otherwise 0.</param>
public readonly record struct CaseMetrics(int Case, double Recall, double Ndcg, double HitRate, double Mrr);
