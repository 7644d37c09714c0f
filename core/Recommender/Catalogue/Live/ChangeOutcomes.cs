using ServerlessRec.Recommender.Catalogue.Log;

namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>What a batch of changes makes of one item.</summary>
/// <param name="Ordinal">Its ordinal; -1: it is new.</param>
/// <param name="Row">How it is afterwards; of a deleted item how it was.</param>
/// <param name="IsDeleted">Whether it is gone afterwards.</param>
/// <param name="NeedsVector">Whether the tower must look at it again.</param>
internal sealed record ChangeOutcome(int Ordinal, CatalogueRow Row, bool IsDeleted, bool NeedsVector)
{
    /// <summary>The new vector; empty: the old one stays.</summary>
    public ReadOnlyMemory<float> Vector { get; set; }

    /// <summary>Whether the tower could not make the vector.</summary>
    public bool Failed { get; set; }
}

/// <summary>Works out what a batch of changes makes of each item, so that an item changed ten times is inferred once.</summary>
internal static class ChangeOutcomes
{
    public static List<ChangeOutcome> Of(LiveItems items, IReadOnlyList<CatalogueChange> changes)
    {
        var after = new Dictionary<string, Item?>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (!after.TryGetValue(change.ItemId, out var before))
            {
                before = items.TryFind(change.ItemId, out var ordinal) ? items.Read(ordinal).Item : null;
            }

            after[change.ItemId] = change.ApplyTo(before);
        }

        var outcomes = new List<ChangeOutcome>(after.Count);
        foreach (var (id, item) in after)
        {
            var ordinal = items.OrdinalEver(id);
            var before = ordinal >= 0 ? items.Read(ordinal) : null;
            var wasDeleted = ordinal < 0 || items.IsDeleted(ordinal);
            if (item is null)
            {
                if (!wasDeleted)
                {
                    outcomes.Add(new ChangeOutcome(ordinal, before!, true, false));
                }

                continue;
            }

            var row = before is null ? new CatalogueRow(item, 0, 0) : before with { Item = item };
            outcomes.Add(new ChangeOutcome(ordinal, row, false, wasDeleted || !HasSameFeatures(before!.Item, item)));
        }

        return outcomes;
    }

    // What the item tower reads: hiding an item or dating it anew moves nothing.
    private static bool HasSameFeatures(Item one, Item other) =>
        one.Comment == other.Comment && one.LabelsJson == other.LabelsJson && one.Categories.SequenceEqual(other.Categories);
}
