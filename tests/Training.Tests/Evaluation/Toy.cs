using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Tests.Evaluation;

/// <summary>Data small enough to compute by hand.</summary>
internal static class Toy
{
    /// <summary>A data set from (user, item, time in days), put in the order of time.</summary>
    public static Dataset Dataset(int items, params (int User, int Item, double Day)[] interactions) => new()
    {
        Name = "toy",
        Users = [.. Enumerable.Range(0, 1 + interactions.Select(i => i.User).DefaultIfEmpty(-1).Max()).Select(u => new User($"u{u}"))],
        Items = [.. Enumerable.Range(0, items).Select(i => new Item { ItemId = $"i{i}" })],
        FeedbackTypes = ["view"],
        Interactions = [.. interactions.OrderBy(i => i.Day).Select(i => new Interaction(i.User, i.Item, 0, 1, (long)(i.Day * 86_400_000)))],
    };

    public static EvaluationCase Case(int[] history, int[] targets, double day = 100) => new()
    {
        User = 0,
        History = history.Select((item, place) => new Interaction(0, item, 0, 1, place)).ToArray(),
        Targets = targets,
        AskedAt = (long)(day * 86_400_000),
    };
}

/// <summary>Gives every case the same scores.</summary>
internal sealed class FixedScorer(params float[] scores) : IScorer
{
    public string Name => "fixed";

    public void Score(EvaluationCase evaluationCase, Span<float> target) => scores.CopyTo(target);
}
