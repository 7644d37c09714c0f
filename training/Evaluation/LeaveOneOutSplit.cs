using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>How <see cref="LeaveOneOutSplit"/> cuts.</summary>
public sealed record LeaveOneOutOptions
{
    /// <summary>Which interactions may be targets; null: all. Histories always hold everything before the target.</summary>
    public Func<Interaction, bool>? IsTarget { get; init; }

    /// <summary>
    /// False: only a user's first interaction with an item may be a target, as a list without seen items can answer no other. Use true
    /// together with <see cref="EvaluatorOptions.ExcludeSeen"/> = false.
    /// </summary>
    public bool AllowRepeats { get; init; }
}

/// <summary>
/// Leave-one-out: each user's last target is asked for in the test and the one before it in the validation; what came before is learned
/// from. The usual protocol of the sequence papers; it lets a model learn from other users' later behaviour, so a time split is
/// the more honest figure.
/// </summary>
public static class LeaveOneOutSplit
{
    /// <summary>Cuts a data set. Users with fewer than three targets are only learned from.</summary>
    public static EvaluationSplit Split(Dataset dataset, LeaveOneOutOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new LeaveOneOutOptions();
        var timelines = new UserTimelines(dataset.Users.Count, dataset.Interactions);
        var trainLengths = new int[dataset.Users.Count];
        var beforeTestLengths = new int[dataset.Users.Count];
        var validation = new List<EvaluationCase>();
        var test = new List<EvaluationCase>();
        for (var user = 0; user < dataset.Users.Count; user++)
        {
            var timeline = timelines.Of(user);
            var targets = TargetPlaces(timeline.Span, options);
            if (targets.Count < 3)
            {
                trainLengths[user] = beforeTestLengths[user] = timeline.Length;
                continue;
            }

            trainLengths[user] = targets[^2];
            beforeTestLengths[user] = targets[^1];
            validation.Add(Case(user, timeline, targets[^2]));
            test.Add(Case(user, timeline, targets[^1]));
        }

        return new EvaluationSplit
        {
            Dataset = dataset,
            Protocol = "leave-one-out: the last target of a user is the test, the one before it the validation",
            Train = FirstOfEachUser(dataset.Interactions, trainLengths),
            BeforeTest = FirstOfEachUser(dataset.Interactions, beforeTestLengths),
            Validation = validation,
            Test = test,
            IsOrdered = true, // without an order there would be no last one
        };
    }

    private static EvaluationCase Case(int user, ReadOnlyMemory<Interaction> timeline, int target) => new()
    {
        User = user,
        History = timeline[..target],
        Targets = [timeline.Span[target].Item],
        AskedAt = timeline.Span[target].UnixMilliseconds,
    };

    private static List<int> TargetPlaces(ReadOnlySpan<Interaction> timeline, LeaveOneOutOptions options)
    {
        var places = new List<int>();
        var seen = new HashSet<int>();
        for (var place = 0; place < timeline.Length; place++)
        {
            var isNew = seen.Add(timeline[place].Item);
            if ((isNew || options.AllowRepeats) && (options.IsTarget is null || options.IsTarget(timeline[place])))
            {
                places.Add(place);
            }
        }

        return places;
    }

    private static List<Interaction> FirstOfEachUser(IReadOnlyList<Interaction> interactions, int[] lengths)
    {
        var taken = new int[lengths.Length];
        var first = new List<Interaction>();
        foreach (var interaction in interactions)
        {
            if (taken[interaction.User]++ < lengths[interaction.User])
            {
                first.Add(interaction);
            }
        }

        return first;
    }
}
