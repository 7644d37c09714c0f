using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation.NewItems;

/// <summary>
/// Asks what a model makes of items it has never seen: a tenth of the items with content is held out of everything that is learned, and is then
/// ranked among itself. Every user with feedback on one of them is a case; his history is all he did with other items.
/// </summary>
public sealed record NewItemSplit
{
    private const double HeldOut = 0.1;
    private const int FewestItems = 40;

    /// <summary>The data set with every item hidden that is not held out, for the <see cref="Evaluator"/>.</summary>
    public required Dataset Ranked { get; init; }

    /// <summary>What may be learned from, in the order of timestamps.</summary>
    public required IReadOnlyList<Interaction> Learned { get; init; }

    /// <summary>One a user with feedback on both kinds of items.</summary>
    public required IReadOnlyList<EvaluationCase> Cases { get; init; }

    /// <summary>Items held out.</summary>
    public required int Items { get; init; }

    /// <summary>Holds items out; null when fewer than 40 would be: too few items say anything about themselves.</summary>
    /// <param name="dataset">Users, items and feedback.</param>
    /// <param name="isTarget">Which interactions are asked for.</param>
    /// <param name="seed">Draws the items.</param>
    public static NewItemSplit? Of(Dataset dataset, Func<Interaction, bool> isTarget, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(isTarget);
        int[] candidates = [.. dataset.Interactions.Select(interaction => interaction.Item).Distinct().Order().Where(item => HasContent(dataset.Items[item]))];
        new Random(seed).Shuffle(candidates);
        var heldOut = candidates.Take((int)(candidates.Length * HeldOut)).ToHashSet();
        if (heldOut.Count < FewestItems)
        {
            return null;
        }

        Interaction[] learned = [.. dataset.Interactions.Where(interaction => !heldOut.Contains(interaction.Item))];
        return new NewItemSplit
        {
            Ranked = dataset with { Items = [.. dataset.Items.Select((item, number) => heldOut.Contains(number) ? item : item with { IsHidden = true })] },
            Learned = learned,
            Cases = CasesOf(dataset, learned, heldOut, isTarget),
            Items = dataset.Items.Where((item, number) => heldOut.Contains(number) && !item.IsHidden).Count(),
        };
    }

    private static bool HasContent(Item item) => item.Categories.Count > 0 || item.Comment.Length > 0 || item.LabelsJson is not null;

    private static List<EvaluationCase> CasesOf(Dataset dataset, Interaction[] learned, HashSet<int> heldOut, Func<Interaction, bool> isTarget)
    {
        var histories = new UserTimelines(dataset.Users.Count, learned);
        var asked = new UserTimelines(
            dataset.Users.Count, [.. dataset.Interactions.Where(interaction => heldOut.Contains(interaction.Item) && isTarget(interaction))]);
        var cases = new List<EvaluationCase>();
        for (var user = 0; user < dataset.Users.Count; user++)
        {
            if (asked.Of(user).Length > 0 && histories.Of(user).Length > 0)
            {
                cases.Add(new EvaluationCase
                {
                    User = user,
                    History = histories.Of(user),
                    Targets = CaseTargets.Distinct(asked.Of(user).Span, null),
                    AskedAt = dataset.Interactions[^1].UnixMilliseconds + 1,
                });
            }
        }

        return cases;
    }
}
