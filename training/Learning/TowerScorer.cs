using System.Numerics.Tensors;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Learning;

/// <summary>
/// Scores items as a release made at the moment of the question would: cosine / temperature + the popularity prior as it was known then. For
/// questions behind the end of the data these are the dot products of a release's vectors, times a constant.
/// </summary>
internal sealed class TowerScorer : IScorer
{
    private readonly int _dimensions;
    private readonly int _own;
    private readonly float _scale;
    private readonly float[] _items;
    private readonly float[] _users;
    private readonly Dictionary<EvaluationCase, (int Row, int Interval)> _cases = [];
    private readonly Dictionary<int, float[]> _priors = [];

    /// <param name="name">Name in tables.</param>
    /// <param name="towers">The towers; they may be disposed afterwards.</param>
    /// <param name="cases">The cases that will be asked; their user vectors are inferred here, in batches.</param>
    public TowerScorer(string name, TowerPair towers, IReadOnlyList<EvaluationCase> cases)
    {
        Name = name;
        _dimensions = towers.Spec.Dimensions;
        _own = towers.Items.Dimensions;
        _items = towers.InferItems();
        _users = towers.InferUsers([.. cases.Select(c => c.History)], _items);

        // Both vectors carry a scale; dividing by it leaves cosine / temperature.
        _scale = (float)(1 / (towers.Prior.Temperature * towers.Prior.VectorScale * Towers.PopularityPrior.UserScale));
        foreach (var evaluationCase in cases)
        {
            var interval = towers.Popularity.KnownAt(evaluationCase.AskedAt);
            _cases.Add(evaluationCase, (_cases.Count, interval));
            if (!_priors.ContainsKey(interval))
            {
                _priors.Add(interval, towers.PriorsAt(interval));
            }
        }
    }

    public string Name { get; }

    public void Score(EvaluationCase evaluationCase, Span<float> scores)
    {
        var (row, interval) = _cases[evaluationCase];
        var user = _users.AsSpan(row * _dimensions, _own);
        var priors = _priors[interval];
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = (_scale * TensorPrimitives.Dot(user, _items.AsSpan(item * _dimensions, _own))) + priors[item];
        }
    }
}
