namespace ServerlessRec.Training.Evaluation;

/// <summary>Ranks one case after another; one instance a thread.</summary>
internal sealed class CaseRanker(int itemCount, EvaluatorOptions options, int[] hidden)
{
    private readonly float[] _scores = new float[itemCount];
    private readonly TopItems _top = new(Math.Min(options.Ks.Max(), Math.Max(1, itemCount)));
    private readonly HashSet<int> _targets = [];

    /// <summary>The list for a case; null when every target was seen before.</summary>
    public RankedCase? Rank(IScorer scorer, EvaluationCase evaluationCase)
    {
        _targets.Clear();
        _targets.UnionWith(evaluationCase.Targets);
        var history = evaluationCase.History.Span;
        if (options.ExcludeSeen)
        {
            foreach (var interaction in history)
            {
                _targets.Remove(interaction.Item);
            }
        }

        if (_targets.Count == 0)
        {
            return null;
        }

        scorer.Score(evaluationCase, _scores);
        foreach (var item in hidden)
        {
            _scores[item] = float.NegativeInfinity;
        }

        if (options.ExcludeSeen)
        {
            foreach (var interaction in history)
            {
                _scores[interaction.Item] = float.NegativeInfinity;
            }
        }

        _top.Select(_scores);
        return RankedCase.Of(_top.Items.ToArray(), _targets);
    }
}
