using System.Numerics.Tensors;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Publishing;

/// <summary>Scores items with the towers and vectors of a published release, as serving would; items it does not know come last.</summary>
internal sealed class ReleaseScorer : IScorer
{
    /// <summary>Name in tables of the one that serves.</summary>
    public const string CurrentRelease = "current release";

    private readonly int _dimensions;
    private readonly float[] _items;
    private readonly bool[] _isKnown;
    private readonly float[] _users;
    private readonly Dictionary<EvaluationCase, int> _rows = [];

    /// <param name="name">Name in tables.</param>
    /// <param name="release">May be disposed afterwards.</param>
    /// <param name="dataset">Items and feedback types of the cases.</param>
    /// <param name="cases">The cases that will be asked.</param>
    public ReleaseScorer(string name, LoadedRelease release, Dataset dataset, IReadOnlyList<EvaluationCase> cases)
    {
        Name = name;
        _dimensions = release.Features.Dimensions;
        _items = new float[dataset.Items.Count * _dimensions];
        _isKnown = new bool[dataset.Items.Count];
        for (var item = 0; item < _isKnown.Length; item++)
        {
            _isKnown[item] = release.TryCopyVector(dataset.Items[item].ItemId, _items.AsSpan(item * _dimensions, _dimensions));
        }

        _users = new float[cases.Count * _dimensions];
        IReadOnlyList<HistoryEntry>[] histories = [.. cases.Select(c => ImportedHistories.Entries(dataset, c.History.Span))];
        release.UserTower.Infer(histories, release.ReadItemVector, _users, new bool[cases.Count]);
        foreach (var evaluationCase in cases)
        {
            _rows.Add(evaluationCase, _rows.Count);
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public void Score(EvaluationCase evaluationCase, Span<float> scores)
    {
        var user = _users.AsSpan(_rows[evaluationCase] * _dimensions, _dimensions);
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = _isKnown[item] ? TensorPrimitives.Dot(user, _items.AsSpan(item * _dimensions, _dimensions)) : float.NegativeInfinity;
        }
    }
}
