using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Publishing;

/// <summary>
/// Runs the exported towers as serving will, encoder included, and compares them with the trained ones: all items, and histories of every
/// length up to beyond what the user tower reads.
/// </summary>
internal static class ParityCheck
{
    /// <summary>Largest absolute difference that a release may have.</summary>
    public const float Tolerance = 1e-4f;

    private const int MostHistories = 2048;

    /// <summary>The largest difference of any number of any vector.</summary>
    /// <exception cref="ParityException">It is above <see cref="Tolerance"/>.</exception>
    public static float Measure(
        TowerPair towers, ExportedTowers exported, float[] itemVectors, Dataset dataset, IReadOnlyList<ReadOnlyMemory<Interaction>> histories)
    {
        var items = MeasureItems(towers, exported, itemVectors);
        var users = MeasureUsers(towers, exported, itemVectors, dataset, Ragged(histories, towers.Spec.HistoryLength));
        var largest = Math.Max(items, users);
        return largest <= Tolerance
            ? largest
            : throw new ParityException(FormattableString.Invariant(
                $"The exported towers differ from the trained ones: items by {items:G3}, users by {users:G3}, allowed {Tolerance:G1}. Nothing was published."));
    }

    private static float MeasureItems(TowerPair towers, ExportedTowers exported, float[] itemVectors)
    {
        using var tower = new ItemTower(towers.Spec, exported.ItemTower);
        var vectors = new float[itemVectors.Length];
        tower.Infer(towers.Catalogue, vectors);
        return LargestDifference(vectors, itemVectors);
    }

    private static float MeasureUsers(
        TowerPair towers, ExportedTowers exported, float[] itemVectors, Dataset dataset, List<ReadOnlyMemory<Interaction>> histories)
    {
        var dimensions = towers.Spec.Dimensions;
        var places = new Dictionary<string, int>(dataset.Items.Count, StringComparer.Ordinal);
        for (var item = 0; item < dataset.Items.Count; item++)
        {
            places.Add(dataset.Items[item].ItemId, item);
        }

        bool Read(in HistoryEntry entry, Span<float> destination)
        {
            itemVectors.AsSpan(places[entry.ItemId] * dimensions, dimensions).CopyTo(destination);
            return true;
        }

        using var tower = new UserTower(towers.Spec, exported.UserTower);
        var vectors = new float[histories.Count * dimensions];
        IReadOnlyList<HistoryEntry>[] entries = [.. histories.Select(history => ImportedHistories.Entries(dataset, history.Span))];
        tower.Infer(entries, Read, vectors, new bool[histories.Count]);
        return LargestDifference(vectors, towers.InferUsers(histories, itemVectors));
    }

    // One history of each length there is, so that batches are ragged, then further ones.
    private static List<ReadOnlyMemory<Interaction>> Ragged(IReadOnlyList<ReadOnlyMemory<Interaction>> histories, int length)
    {
        var ragged = new List<ReadOnlyMemory<Interaction>>();
        foreach (var history in histories)
        {
            if (ragged.Count >= MostHistories)
            {
                break;
            }

            if (!history.IsEmpty)
            {
                ragged.Add(history);
                ragged.Add(history[..(1 + (ragged.Count % Math.Min(history.Length, length + 5)))]);
            }
        }

        return ragged;
    }

    private static float LargestDifference(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var largest = 0f;
        for (var i = 0; i < left.Length; i++)
        {
            var difference = Math.Abs(left[i] - right[i]);
            if (!(difference <= largest))
            {
                largest = difference; // NaN too
            }
        }

        return largest;
    }
}
