using ServerlessRec.Index;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Ranking;

/// <summary>What the retrieval finds for a case by exact search: the best items that are neither hidden nor in the history. One instance a thread.</summary>
internal sealed class CandidatePool(Dataset dataset, int candidates)
{
    private readonly int[] _hidden = [.. Enumerable.Range(0, dataset.Items.Count).Where(item => dataset.Items[item].IsHidden)];
    private readonly TopItems _top = new(Math.Max(1, Math.Min(candidates, dataset.Items.Count)));
    private readonly float[] _scores = new float[dataset.Items.Count];

    /// <summary>The scores of all items of the last <see cref="Find"/>; −∞ for those that cannot be listed.</summary>
    public Span<float> Scores => _scores;

    /// <summary>The best candidates, best first.</summary>
    public Neighbor[] Find(IScorer scorer, EvaluationCase asked)
    {
        scorer.Score(asked, _scores);
        foreach (var item in _hidden)
        {
            _scores[item] = float.NegativeInfinity;
        }

        foreach (var interaction in asked.History.Span)
        {
            _scores[interaction.Item] = float.NegativeInfinity;
        }

        _top.Select(_scores);
        var found = new Neighbor[_top.Items.Length];
        for (var rank = 0; rank < found.Length; rank++)
        {
            found[rank] = new Neighbor(_top.Items[rank], _scores[_top.Items[rank]]);
        }

        return found;
    }
}
