namespace ServerlessRec.Training.Data;

/// <summary>Tells times from places: lists without times come with a second between their entries.</summary>
public static class InteractionTimes
{
    private const long Day = 86_400_000;

    /// <summary>Whether the times say something: they span a day at least.</summary>
    /// <param name="interactions">In the order of timestamps.</param>
    public static bool AreKnown(IReadOnlyList<Interaction> interactions)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        return interactions.Count > 0 && interactions[^1].UnixMilliseconds - interactions[0].UnixMilliseconds >= Day;
    }
}
