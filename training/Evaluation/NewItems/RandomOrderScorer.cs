namespace ServerlessRec.Training.Evaluation.NewItems;

/// <summary>Another random order for every user: what knowing nothing gives.</summary>
public sealed class RandomOrderScorer(int seed = 1) : IScorer
{
    /// <inheritdoc/>
    public string Name => "random order";

    /// <inheritdoc/>
    public void Score(EvaluationCase evaluationCase, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(evaluationCase);
        var random = new Random((seed * 1_000_003) + evaluationCase.User);
        foreach (ref var score in scores)
        {
            score = random.NextSingle();
        }
    }
}
