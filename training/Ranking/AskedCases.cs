using ServerlessRec.Index;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Publishing;

namespace ServerlessRec.Training.Ranking;

/// <summary>Evaluation cases as a server would meet them: the history that a user's state holds, the moment of the request, and the candidates.</summary>
internal sealed class AskedCases(Dataset dataset, CatalogueItems items)
{
    public CatalogueItems Items => items;

    /// <summary>The history that the state of the case's user holds.</summary>
    public IReadOnlyList<HistoryEntry> History(EvaluationCase asked)
    {
        var history = asked.History.Span;
        return ImportedHistories.Entries(dataset, history[Math.Max(0, history.Length - UserState.HistoryCapacity)..]);
    }

    /// <summary>When the list is asked for.</summary>
    public static DateTimeOffset Now(EvaluationCase asked) => DateTimeOffset.FromUnixTimeMilliseconds(asked.RequestedAt);

    /// <summary>Orders candidates by an exported ranker.</summary>
    public void Order(Ranker ranker, EvaluationCase asked, Span<Neighbor> candidates) => ranker.Order(items, History(asked), Now(asked), candidates);
}
