using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Contracts.Feedback;

/// <summary>A tower whose vector tells which history it was made from, so that a vector of another history is found.</summary>
internal static class Inference
{
    public const string TowerVersion = "simulated";

    public static InferredVectors? Infer(IReadOnlyList<IReadOnlyList<HistoryEntry>> histories, CancellationToken cancellationToken) => new(
        TowerVersion,
        1,
        histories.Select(Of).ToArray(),
        histories.Select(_ => true).ToArray());

    public static float Of(IReadOnlyList<HistoryEntry> history) =>
        history.Select((entry, i) => (i + 1) * (float)(ItemHash.Of(entry.ItemId) % 1000)).Sum();
}
