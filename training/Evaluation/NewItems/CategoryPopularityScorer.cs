using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation.NewItems;

/// <summary>
/// Items by how much the items of their categories are taken: interactions an item of the category, averaged over the item's categories. All
/// that can be said of a new item without looking at the user.
/// </summary>
public sealed class CategoryPopularityScorer : IScorer
{
    private readonly float[] _scores;

    /// <summary>Counts what was learned from.</summary>
    public CategoryPopularityScorer(Dataset dataset, IReadOnlyList<Interaction> learned)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(learned);
        var counts = new int[dataset.Items.Count];
        foreach (var interaction in learned)
        {
            counts[interaction.Item]++;
        }

        var categories = new Dictionary<string, (double Interactions, int Items)>(StringComparer.Ordinal);
        for (var item = 0; item < counts.Length; item++)
        {
            foreach (var category in counts[item] > 0 ? dataset.Items[item].Categories : [])
            {
                var (interactions, items) = categories.GetValueOrDefault(category);
                categories[category] = (interactions + counts[item], items + 1);
            }
        }

        _scores = [.. dataset.Items.Select(item => (float)item.Categories
            .Where(categories.ContainsKey)
            .Select(category => categories[category].Interactions / categories[category].Items)
            .DefaultIfEmpty()
            .Average())];
    }

    /// <inheritdoc/>
    public string Name => "category popularity";

    /// <inheritdoc/>
    public void Score(EvaluationCase evaluationCase, Span<float> scores) => _scores.CopyTo(scores);
}
