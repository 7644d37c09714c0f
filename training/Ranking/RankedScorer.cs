using System.Collections.Concurrent;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Ranking;

/// <summary>A scorer whose best candidates are ordered anew by an exported ranker, as serving does; all others stay behind them in their order. Thread-safe.</summary>
/// <param name="name">Name in tables.</param>
/// <param name="retrieval">Finds the candidates.</param>
/// <param name="ranker">Orders them.</param>
/// <param name="dataset">Items that can be found.</param>
/// <param name="cases">Turns cases into requests.</param>
internal sealed class RankedScorer(string name, IScorer retrieval, Ranker ranker, Dataset dataset, AskedCases cases) : IScorer
{
    private readonly ConcurrentBag<CandidatePool> _pools = [];

    public string Name => name;

    public void Score(EvaluationCase evaluationCase, Span<float> scores)
    {
        var pool = _pools.TryTake(out var pooled) ? pooled : new CandidatePool(dataset, ranker.Spec.Candidates);
        var found = pool.Find(retrieval, evaluationCase);
        pool.Scores.CopyTo(scores);
        _pools.Add(pool);
        if (found.Length == 0)
        {
            return;
        }

        var best = found[0].Score;
        cases.Order(ranker, evaluationCase, found);

        // Above all that was not ordered.
        for (var rank = 0; rank < found.Length; rank++)
        {
            scores[found[rank].Ordinal] = best + found.Length - rank;
        }
    }
}
