namespace ServerlessRec.Training.Data;

/// <summary>Which feedback says that a user wants an item. Everything stays in histories; only this is learned towards and asked for.</summary>
public sealed record PositiveFeedback
{
    /// <summary>The usual rule: every type but the negative ones, ratings of any height.</summary>
    public static PositiveFeedback Default { get; } = new();

    /// <summary>Feedback types that say the opposite.</summary>
    public IReadOnlyList<string> NegativeTypes { get; init; } = ["hide", "dislike", "skip", "block", "report"];

    /// <summary>Least value of a type to count, by type; types without an entry count at any value.</summary>
    public IReadOnlyDictionary<string, double> LeastValues { get; init; } = new Dictionary<string, double>();

    /// <summary>The rule for a data set's interactions; fast enough to be asked for each.</summary>
    public Func<Interaction, bool> In(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var least = dataset.FeedbackTypes
            .Select(type => NegativeTypes.Contains(type, StringComparer.OrdinalIgnoreCase)
                ? float.PositiveInfinity
                : (float)LeastValues.GetValueOrDefault(type, float.NegativeInfinity))
            .ToArray();
        return interaction => interaction.Value >= least[interaction.Type];
    }
}
