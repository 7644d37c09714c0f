using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>Which user towers are tried on a data set, and how long a history each reads.</summary>
internal static class TowerChoice
{
    private const int Short = 50, Middle = 100, Long = 200;

    /// <summary>The shapes to try, the quicker first; several only when the choice is left open and the data has an order to read.</summary>
    public static IReadOnlyList<TowerShape> Of(TrainingOptions options, EvaluationSplit split)
    {
        UserTowerKind[] kinds = options.UserTower is { } kind
            ? [kind]
            : split.IsOrdered ? [UserTowerKind.Pooled, UserTowerKind.Sequence] : [UserTowerKind.Pooled];
        return [.. kinds.Select(tried => options.Shape with { UserTower = tried, HistoryLength = options.HistoryLength ?? HistoryLength(tried, split) })];
    }

    // Means of timed histories live on what is new; without an order nothing is newer, and all of a history counts.
    private static int HistoryLength(UserTowerKind kind, EvaluationSplit split)
    {
        if (kind == UserTowerKind.Pooled)
        {
            return split.IsOrdered ? Short : Long;
        }

        var mean = split.Dataset.Interactions.Count / Math.Max(1, split.Dataset.Users.Count);
        return mean > Middle ? Long : mean > Short ? Middle : Short;
    }
}
