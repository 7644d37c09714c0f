using System.Diagnostics;
using System.Numerics.Tensors;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Publishing;

namespace ServerlessRec.Training.Pipeline;

/// <summary>What serving would make of a model: the real index beside exact search, and the exported user tower's time.</summary>
/// <param name="Recall">Recall@10 of the index against exact search over the same vectors, by efSearch.</param>
/// <param name="InferenceMicroseconds">Median of one inference of the exported user tower, one history, one thread.</param>
/// <param name="Entries">Entries of that history.</param>
internal sealed record ServedFigures(IReadOnlyList<(int EfSearch, double Recall)> Recall, double InferenceMicroseconds, int Entries)
{
    private const int K = 10, MostQueries = 500, Inferences = 1000;

    // Until the code around the model is compiled as it is in a process that serves; a number of inferences would be over before.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private static readonly int[] EfSearches = [10, 20, 40, 80, 160];

    /// <summary>Builds the index and exports the tower.</summary>
    public static ServedFigures Measure(TowerPair towers, Dataset dataset, IReadOnlyList<EvaluationCase> cases, CancellationToken cancellationToken)
    {
        var items = towers.InferItems();
        var asked = cases.Take(MostQueries).ToList();
        var users = towers.InferUsers([.. asked.Select(one => one.History)], items);
        var dimensions = towers.Spec.Dimensions;
        using var index = HnswIndex.Build(
            ReleasePublisher.IndexOptions(dimensions), items.Length / dimensions, (item, to) => items.AsSpan(item * dimensions, dimensions).CopyTo(to), ct: cancellationToken);
        var exact = asked.Select((_, user) => Best(items, users.AsSpan(user * dimensions, dimensions))).ToList();
        var recall = new List<(int, double)>();
        var found = new Neighbor[K];
        foreach (var ef in EfSearches)
        {
            var hits = 0;
            for (var user = 0; user < asked.Count; user++)
            {
                var count = index.Search(users.AsSpan(user * dimensions, dimensions), ef, found);
                hits += found.AsSpan(0, count).ToArray().Count(neighbor => exact[user].Contains(neighbor.Ordinal));
            }

            recall.Add((ef, (double)hits / exact.Sum(best => best.Count)));
        }

        var history = dataset.Interactions.Take(towers.Spec.HistoryLength).ToArray();
        return new ServedFigures(recall, MedianInference(towers, dataset, items, history, cancellationToken), history.Length);
    }

    private static HashSet<int> Best(float[] items, ReadOnlySpan<float> user)
    {
        var best = new PriorityQueue<int, float>();
        for (var item = 0; item < items.Length / user.Length; item++)
        {
            best.Enqueue(item, TensorPrimitives.Dot(user, items.AsSpan(item * user.Length, user.Length)));
            if (best.Count > K)
            {
                best.Dequeue();
            }
        }

        return [.. best.UnorderedItems.Select(item => item.Element)];
    }

    private static double MedianInference(TowerPair towers, Dataset dataset, float[] items, Interaction[] history, CancellationToken cancellationToken)
    {
        var dimensions = towers.Spec.Dimensions;
        IReadOnlyList<HistoryEntry>[] histories = [ImportedHistories.Entries(dataset, history)];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var interaction in history)
        {
            places[dataset.Items[interaction.Item].ItemId] = interaction.Item;
        }

        bool Read(in HistoryEntry entry, Span<float> destination)
        {
            items.AsSpan(places[entry.ItemId] * dimensions, dimensions).CopyTo(destination);
            return true;
        }

        using var tower = new UserTower(towers.Spec, ExportedTowers.Of(towers).UserTower);
        var (vector, known) = (new float[dimensions], new bool[1]);
        var times = new List<double>(Inferences);
        var began = Stopwatch.GetTimestamp();
        while (times.Count < Inferences)
        {
            var started = Stopwatch.GetTimestamp();
            tower.Infer(histories, Read, vector, known, cancellationToken);
            if (Stopwatch.GetElapsedTime(began, started) >= WarmUp)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
