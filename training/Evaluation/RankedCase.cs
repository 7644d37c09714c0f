namespace ServerlessRec.Training.Evaluation;

/// <summary>A case's list: what was listed, what could be found, and where in the list it stands.</summary>
/// <param name="Items">Listed items, best first.</param>
/// <param name="Targets">Items that could be found.</param>
/// <param name="HitPlaces">Places (0 = best) of targets in the list, ascending.</param>
internal sealed record RankedCase(int[] Items, int[] Targets, int[] HitPlaces)
{
    public static RankedCase Of(int[] items, IReadOnlySet<int> targets) =>
        new(items, [.. targets], [.. Enumerable.Range(0, items.Length).Where(place => targets.Contains(items[place]))]);

    /// <summary>The same list asked for a part of the targets; null when none is left.</summary>
    public RankedCase? WithTargets(Func<int, bool> counts)
    {
        var targets = Array.FindAll(Targets, item => counts(item));
        return targets.Length == 0 ? null : new RankedCase(Items, targets, Array.FindAll(HitPlaces, place => counts(Items[place])));
    }
}
