using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Ranking;

/// <summary>The second stage: orders what the retrieval found, in one batched inference a request. Loads OnnxRuntime at the first one. Thread-safe.</summary>
public sealed class Ranker : IDisposable
{
    /// <summary>The ranker's file in a release that has one.</summary>
    public const string FileName = "ranker.onnx";

    private readonly TowerSession _session;
    private readonly SharedTower _shared = new();
    private readonly ConcurrentBag<Workspace> _workspaces = [];

    /// <summary>A ranker from its ONNX bytes, which are read at the first inference.</summary>
    /// <exception cref="InvalidDataException">The spec is out of range.</exception>
    public Ranker(RankerSpec spec, ReadOnlyMemory<byte> onnx)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        Spec = spec;
        _session = new TowerSession(FileName, onnx, ["field_rows", "category_rows", "category_weights", "score_steps"], "scores", 1);
    }

    /// <summary>How it is used.</summary>
    public RankerSpec Spec { get; }

    /// <summary>The ranker's ONNX bytes.</summary>
    public ReadOnlyMemory<byte> Onnx => _session.Model;

    /// <summary>
    /// Orders the first <see cref="RankerSpec.Candidates"/> anew and gives them the ranker's scores, in units of the retrieval's; those behind keep their
    /// order and their distances. So the pages of one list are cut from one order, whatever their size.
    /// </summary>
    /// <param name="items">The items that candidates and history speak of.</param>
    /// <param name="history">The user's, oldest first.</param>
    /// <param name="now">When the list is asked for.</param>
    /// <param name="candidates">As the retrieval found them, best first.</param>
    /// <param name="cancellationToken">Looked at before the inference.</param>
    /// <exception cref="InvalidDataException">The model does not load or fit.</exception>
    public void Order(
        IRankedItems items, IReadOnlyList<HistoryEntry> history, DateTimeOffset now, Span<Neighbor> candidates, CancellationToken cancellationToken = default)
    {
        var ranked = candidates[..Math.Min(candidates.Length, Spec.Candidates)];
        if (ranked.IsEmpty)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var workspace = _workspaces.TryTake(out var pooled) ? pooled : new Workspace();
        RankerFeatures.Encode(items, history, now, ranked, Spec.ScoreScale, workspace.Inputs);
        var scores = workspace.Scores(ranked.Length);
        Score(workspace.Inputs, scores);
        var (best, last) = (ranked[0].Score, ranked[^1].Score);
        for (var i = 0; i < ranked.Length; i++)
        {
            ranked[i] = new Neighbor(ranked[i].Ordinal, (float)(best + (scores.Span[i] / Spec.ScoreScale)));
        }

        _workspaces.Add(workspace);
        ranked.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Ordinal.CompareTo(b.Ordinal));
        var shift = ranked[^1].Score - last;
        for (var i = ranked.Length; i < candidates.Length; i++)
        {
            candidates[i] = new Neighbor(candidates[i].Ordinal, candidates[i].Score + shift);
        }
    }

    /// <summary>The ranker's scores of encoded candidates.</summary>
    /// <param name="inputs">At least one candidate.</param>
    /// <param name="scores">One each; differences are logits.</param>
    /// <exception cref="InvalidDataException">The model does not load or fit.</exception>
    public void Score(RankerInputs inputs, Memory<float> scores)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        _session.Run(inputs.Count, name => Feed(inputs, name), scores);
    }

    /// <summary>Frees the ranker, unless another release still uses it.</summary>
    public void Dispose()
    {
        if (_shared.Leave())
        {
            _session.Dispose();
        }
    }

    /// <summary>Whether another release may use this ranker too, and then disposes it as well; false when it was freed.</summary>
    internal bool TryShare() => _shared.TryJoin();

    private static OrtValue Feed(RankerInputs inputs, string name) => name switch
    {
        "field_rows" => TowerSession.Tensor(inputs.FieldRows, inputs.Count, RankerFields.Count),
        "category_rows" => TowerSession.Tensor(inputs.CategoryRows, inputs.Count, RankerFields.MaxCategories),
        "category_weights" => TowerSession.Tensor(inputs.CategoryWeights, inputs.Count, RankerFields.MaxCategories),
        "score_steps" => TowerSession.Tensor(inputs.ScoreSteps, inputs.Count, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such input."),
    };

    /// <summary>What one request needs, kept for the next.</summary>
    private sealed class Workspace
    {
        private float[] _scores = [];

        public RankerInputs Inputs { get; } = new();

        public Memory<float> Scores(int count) => (_scores = _scores.Length < count ? new float[count] : _scores).AsMemory(0, count);
    }
}
