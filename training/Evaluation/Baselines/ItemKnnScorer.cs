using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>
/// Item-based nearest neighbours: shrunk cosine of the items' user sets, summed over the history (Deshpande and Karypis 2004,
/// "Item-based top-N recommendation algorithms", section 4). Items that are similar to nothing in the history follow by popularity.
/// </summary>
public sealed class ItemKnnScorer : IScorer
{
    private static readonly Comparer<Neighbor> WorstFirst = Comparer<Neighbor>.Create((one, other) => other.CompareTo(one));

    private readonly Neighbor[][] _neighbors;
    private readonly float[] _fallback;

    /// <summary>Finds each item's neighbours on all cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ItemKnnScorer(
        Dataset dataset, IReadOnlyList<Interaction> learned, ItemKnnOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(learned);
        options ??= new ItemKnnOptions();
        options.Validate();
        var matrix = new UserItemMatrix(dataset.Users.Count, dataset.Items.Count, learned);
        _neighbors = new Neighbor[matrix.ItemCount][];
        _fallback = PopularityFallback.Of(matrix);
        Parallel.For(
            0,
            matrix.ItemCount,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new int[matrix.ItemCount],
            (item, _, together) =>
            {
                _neighbors[item] = FindNeighbors(matrix, item, together, options);
                return together;
            },
            _ => { });
    }

    /// <inheritdoc/>
    public string Name => "item-kNN";

    /// <inheritdoc/>
    public void Score(EvaluationCase evaluationCase, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(evaluationCase);
        _fallback.CopyTo(scores);
        var known = new HashSet<int>();
        foreach (var interaction in evaluationCase.History.Span)
        {
            if (!known.Add(interaction.Item))
            {
                continue;
            }

            foreach (var neighbor in _neighbors[interaction.Item])
            {
                scores[neighbor.Item] = Math.Max(0, scores[neighbor.Item]) + neighbor.Similarity;
            }
        }
    }

    private static Neighbor[] FindNeighbors(UserItemMatrix matrix, int item, int[] together, ItemKnnOptions options)
    {
        var touched = new List<int>();
        foreach (var user in matrix.UsersOf(item))
        {
            foreach (var other in matrix.ItemsOf(user))
            {
                if (together[other]++ == 0)
                {
                    touched.Add(other);
                }
            }
        }

        var best = new PriorityQueue<Neighbor, Neighbor>(WorstFirst);
        foreach (var other in touched)
        {
            var norms = Math.Sqrt((double)matrix.UsersOf(item).Length * matrix.UsersOf(other).Length);
            var neighbor = new Neighbor(other, (float)(together[other] / (norms + options.Shrinkage)));
            together[other] = 0;
            if (other == item)
            {
                continue;
            }

            if (best.Count < options.Neighbors)
            {
                best.Enqueue(neighbor, neighbor);
            }
            else if (neighbor.CompareTo(best.Peek()) < 0)
            {
                best.DequeueEnqueue(neighbor, neighbor);
            }
        }

        return [.. best.UnorderedItems.Select(kept => kept.Element).Order()];
    }

    /// <summary>Sorts the most similar first.</summary>
    private readonly record struct Neighbor(int Item, float Similarity) : IComparable<Neighbor>
    {
        public int CompareTo(Neighbor other)
        {
            var bySimilarity = other.Similarity.CompareTo(Similarity);
            return bySimilarity != 0 ? bySimilarity : Item.CompareTo(other.Item);
        }
    }
}
