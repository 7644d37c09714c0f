using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>
/// Measures scorers by full ranking: every item that can be recommended competes, never a sample of negatives. Deterministic,
/// whatever the number of threads.
/// </summary>
public sealed class Evaluator
{
    private readonly Dataset _dataset;
    private readonly EvaluatorOptions _options;
    private readonly int[] _hidden;
    private readonly ItemPopularity _popularity;
    private readonly Segments _segments;

    /// <summary>An evaluator for one data set.</summary>
    /// <param name="dataset">Items and users that cases speak of.</param>
    /// <param name="learned">What scorers learned from; novelty and popularity bias are measured against it.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Evaluator(Dataset dataset, IReadOnlyList<Interaction> learned, EvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(learned);
        _options = options ?? new EvaluatorOptions();
        _options.Validate();
        _dataset = dataset;
        _hidden = [.. Enumerable.Range(0, dataset.Items.Count).Where(item => dataset.Items[item].IsHidden)];
        _popularity = new ItemPopularity(dataset.Items.Count, learned);
        _segments = new Segments(_popularity, dataset.Items.Count);
    }

    /// <summary>Ranks all items for every case and measures the lists.</summary>
    /// <exception cref="ArithmeticException">The scorer gave NaN; the message names the scorer.</exception>
    public EvaluationRow Run(IScorer scorer, IReadOnlyList<EvaluationCase> cases, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(cases);
        var lists = new RankedCase?[cases.Count];
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = _options.Threads == 0 ? Environment.ProcessorCount : _options.Threads,
            CancellationToken = cancellationToken,
        };
        try
        {
            Parallel.For(
                0,
                cases.Count,
                parallel,
                () => new CaseRanker(_dataset.Items.Count, _options, _hidden),
                (index, _, ranker) =>
                {
                    lists[index] = ranker.Rank(scorer, cases[index]);
                    return ranker;
                },
                _ => { });
        }
        catch (AggregateException failure) when (failure.InnerExceptions.FirstOrDefault(e => e is ArithmeticException) is { } cause)
        {
            throw new ArithmeticException($"Scorer '{scorer.Name}': {cause.Message}", cause);
        }

        return new EvaluationRow
        {
            Scorer = scorer.Name,
            Cases = lists.Count(list => list is not null),
            SkippedCases = lists.Count(list => list is null),
            At = Measure(lists),
            Segments = [.. _segments.Of(lists, cases).Select(segment =>
                new SegmentRow(segment.Name, segment.Lists.Count(list => list is not null), Measure(segment.Lists)))],
        };
    }

    private MetricsAtK[] Measure(IReadOnlyList<RankedCase?> lists) =>
        [.. _options.Ks.Select(k => ListMetrics.Measure(k, lists, _popularity, _dataset.Items.Count - _hidden.Length))];
}
