using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>How <see cref="TimeSplit"/> cuts.</summary>
public sealed record TimeSplitOptions
{
    /// <summary>Share of the interactions, by time, before the test window; above 0 and below 1.</summary>
    public double TestFrom { get; init; } = 0.9;

    /// <summary>
    /// The moment that the test window begins at, Unix milliseconds, in place of <see cref="TestFrom"/>; the validation window then begins
    /// before it as far as the shares say. Null: the shares decide.
    /// </summary>
    public long? TestAt { get; init; }

    /// <summary>Share of the interactions before the validation window; above 0 and below <see cref="TestFrom"/>.</summary>
    public double ValidationFrom { get; init; } = 0.8;

    /// <summary>
    /// Interactions a user needs before a window to be asked in it. Without any there is nothing to personalise: such users get the
    /// popularity list from every scorer and are left out.
    /// </summary>
    public int MinHistory { get; init; } = 1;

    /// <summary>Which interactions in a window are targets; null: all. Histories always hold everything.</summary>
    public Func<Interaction, bool>? IsTarget { get; init; }
}

/// <summary>
/// Global time split: one moment cuts the whole data set, so nothing that happened later is ever learned from. Every user active in
/// a window is one case: the history is everything before the window, the targets are the distinct items in it.
/// </summary>
public static class TimeSplit
{
    /// <summary>Cuts a data set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shares are not 0 &lt; validation &lt; test &lt; 1, or MinHistory is negative.</exception>
    /// <exception cref="InvalidOperationException">The timestamps leave a side of a cut empty.</exception>
    public static EvaluationSplit Split(Dataset dataset, TimeSplitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new TimeSplitOptions();
        if (!(options.ValidationFrom > 0 && options.ValidationFrom < options.TestFrom && options.TestFrom < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), "0 < ValidationFrom < TestFrom < 1 must hold.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(options.MinHistory);
        var interactions = dataset.Interactions;
        var testAt = options.TestAt ?? Boundary(interactions, options.TestFrom);
        var testFrom = options.TestAt is null ? options.TestFrom : (double)Before(interactions, testAt).Length / Math.Max(1, interactions.Count);
        var validationAt = Boundary(interactions, testFrom * options.ValidationFrom / options.TestFrom);
        var train = Before(interactions, validationAt);
        var beforeTest = Before(interactions, testAt);
        if (train.Length == 0 || beforeTest.Length == train.Length)
        {
            throw new InvalidOperationException(
                $"The {interactions.Count} interactions of '{dataset.Name}' have too few distinct timestamps for a time split; use leave-one-out.");
        }

        var timelines = new UserTimelines(dataset.Users.Count, interactions);
        return new EvaluationSplit
        {
            Dataset = dataset,
            Protocol = FormattableString.Invariant(
                $"global time split: train before {Day(validationAt)}, validation before {Day(testAt)}, test from then on"),
            Train = train,
            BeforeTest = beforeTest,
            Validation = Cases(dataset, timelines, validationAt, testAt, options),
            Test = Cases(dataset, timelines, testAt, long.MaxValue, options),
            IsOrdered = InteractionTimes.AreKnown(interactions),
        };
    }

    private static string Day(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).UtcDateTime.ToString("yyyy-MM-dd HH:mm", null);

    // Equal timestamps stay on one side: the boundary is a moment, not a place in the list.
    private static long Boundary(IReadOnlyList<Interaction> interactions, double share) =>
        interactions.Count == 0 ? 0 : interactions[(int)(interactions.Count * share)].UnixMilliseconds;

    private static Interaction[] Before(IReadOnlyList<Interaction> interactions, long moment) =>
        [.. interactions.TakeWhile(interaction => interaction.UnixMilliseconds < moment)];

    private static List<EvaluationCase> Cases(
        Dataset dataset, UserTimelines timelines, long from, long until, TimeSplitOptions options)
    {
        var cases = new List<EvaluationCase>();
        for (var user = 0; user < dataset.Users.Count; user++)
        {
            var timeline = timelines.Of(user);
            var history = timeline[..CountBefore(timeline.Span, from)];
            if (history.Length < options.MinHistory)
            {
                continue;
            }

            var window = timeline.Span[history.Length..CountBefore(timeline.Span, until)];
            var targets = CaseTargets.Distinct(window, options.IsTarget);
            if (targets.Count > 0)
            {
                cases.Add(new EvaluationCase { User = user, History = history, Targets = targets, AskedAt = from, RequestedAt = FirstTarget(window, options) });
            }
        }

        return cases;
    }

    // What is learned and what is known of the user is as of the cut; the user comes when he first chooses something.
    private static long FirstTarget(ReadOnlySpan<Interaction> window, TimeSplitOptions options)
    {
        foreach (var interaction in window)
        {
            if (options.IsTarget?.Invoke(interaction) != false)
            {
                return interaction.UnixMilliseconds;
            }
        }

        return 0;
    }

    private static int CountBefore(ReadOnlySpan<Interaction> timeline, long moment)
    {
        var count = 0;
        while (count < timeline.Length && timeline[count].UnixMilliseconds < moment)
        {
            count++;
        }

        return count;
    }
}
