using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Evaluation.Baselines;

namespace ServerlessRec.Training.Pipeline;

/// <summary>What the model is compared with.</summary>
/// <param name="Scorers">Scorers that learn from what a split knows before its test targets.</param>
/// <param name="WithTrainings">True: also the same towers trained with the textbook's binary loss, and trained without a tenth of the items.</param>
internal sealed record Baselines(Func<EvaluationSplit, CancellationToken, IEnumerable<IScorer>> Scorers, bool WithTrainings)
{
    /// <summary>Those that cost seconds: for every training.</summary>
    public static Baselines Quick { get; } = new(QuickScorers, false);

    /// <summary>All of them.</summary>
    public static Baselines All { get; } = new(AllScorers, true);

    private static IEnumerable<IScorer> QuickScorers(EvaluationSplit split, CancellationToken cancellationToken)
    {
        yield return new PopularityScorer(split.Dataset, split.BeforeTest);
        yield return new RecentPopularityScorer(split.Dataset, split.BeforeTest);
        yield return new ItemKnnScorer(split.Dataset, split.BeforeTest, cancellationToken: cancellationToken);
    }

    private static IEnumerable<IScorer> AllScorers(EvaluationSplit split, CancellationToken cancellationToken)
    {
        foreach (var scorer in QuickScorers(split, cancellationToken))
        {
            yield return scorer;
        }

        yield return new EaseScorer(split.Dataset, split.BeforeTest);
        yield return new BprScorer(split.Dataset, split.BeforeTest, cancellationToken: cancellationToken);
    }
}
