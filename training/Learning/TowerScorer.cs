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
    private readonly float[] _items;
    private readonly float[] _users;
    private readonly Dictionary<EvaluationCase, (int Row, int Interval)> _cases = [];
    private readonly Dictionary<int, float[]> _priors = [];
    private readonly float _cosineScale;
    private float _scale;

    /// <param name="name">Name in tables.</param>
    /// <param name="towers">The towers.</param>
    /// <param name="cases">The cases that will be asked; their user vectors are inferred here, in batches.</param>
    public TowerScorer(string name, TowerPair towers, IReadOnlyList<EvaluationCase> cases)
    {
        Name = name;
        _dimensions = towers.Spec.Dimensions;
        _own = towers.Items.Dimensions;
        _items = towers.InferItems();
        _users = towers.InferUsers([.. cases.Select(c => c.History)], _items);

        // Both vectors carry a scale; dividing by it leaves the cosine.
        _cosineScale = 1 / (towers.Prior.VectorScale * Towers.PopularityPrior.UserScale);
        foreach (var evaluationCase in cases)
        {
            var interval = towers.Popularity.KnownAt(evaluationCase.AskedAt);
            _cases.Add(evaluationCase, (_cases.Count, interval));
            _priors.TryAdd(interval, []);
        }

        Reread(towers.Prior.Temperature, towers.PriorsAt);
    }

    public string Name { get; }

    /// <summary>Takes the prior on that the same towers have by now.</summary>
    public void RereadPrior(TowerPair towers) => Reread(towers.Prior.Temperature, towers.PriorsAt);

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

    private void Reread(double temperature, Func<int, float[]> priorsAt)
    {
        _scale = (float)(_cosineScale / temperature);
        foreach (var interval in _priors.Keys)
        {
            _priors[interval] = priorsAt(interval);
        }
    }
}
