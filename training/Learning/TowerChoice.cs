using ServerlessRec.Training.Data;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>Which user towers are tried on a data set, and how long a history each reads.</summary>
internal static class TowerChoice
{
    private const long Day = 86_400_000;
    private const int Short = 50, Middle = 100, Long = 200;

    /// <summary>The shapes to try, the quicker first; several only when the choice is left open and the data has an order to read.</summary>
    public static IReadOnlyList<TowerShape> Of(TrainingOptions options, Dataset dataset)
    {
        UserTowerKind[] kinds = options.UserTower is { } kind
            ? [kind]
            : HasOrder(dataset) ? [UserTowerKind.Pooled, UserTowerKind.Sequence] : [UserTowerKind.Pooled];
        return [.. kinds.Select(tried => options.Shape with { UserTower = tried, HistoryLength = options.HistoryLength ?? HistoryLength(tried, dataset) })];
    }

    // Means of timed histories live on what is new; without an order nothing is newer, and all of a history counts.
    private static int HistoryLength(UserTowerKind kind, Dataset dataset)
    {
        if (kind == UserTowerKind.Pooled)
        {
            return HasOrder(dataset) ? Short : Long;
        }

        var mean = dataset.Interactions.Count / Math.Max(1, dataset.Users.Count);
        return mean > Middle ? Long : mean > Short ? Middle : Short;
    }

    private static bool HasOrder(Dataset dataset) =>
        dataset.Interactions[^1].UnixMilliseconds - dataset.Interactions[0].UnixMilliseconds >= Day;
}
