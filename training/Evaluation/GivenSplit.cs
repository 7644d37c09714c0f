using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>A split that comes as files: every user of the test file is one case, and the targets are all its items there.</summary>
public static class GivenSplit
{
    private const double NearlyAll = 0.95;

    /// <summary>Makes the cases.</summary>
    /// <param name="dataset">Users and items of all parts.</param>
    /// <param name="train">What may be learned from, in the order of timestamps.</param>
    /// <param name="validation">
    /// What settings are chosen on; null: part of the train items of users with at least five, the last ones where the test asks for what came
    /// after the train items, otherwise a tenth drawn by <paramref name="seed"/>, because published lists often have no order.
    /// </param>
    /// <param name="test">What is asked for.</param>
    /// <param name="seed">Draws the items held back.</param>
    public static EvaluationSplit Create(
        Dataset dataset,
        IReadOnlyList<Interaction> train,
        IReadOnlyList<Interaction>? validation,
        IReadOnlyList<Interaction> test,
        int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        IReadOnlyList<Interaction> learned = train;
        IReadOnlyList<Interaction> beforeTest = train;
        var isLast = IsTheLast(train, test);
        if (validation is null)
        {
            (learned, validation) = isLast ? HeldBack.Last(train, test) : HeldBack.Drawn(train, seed);
        }
        else
        {
            beforeTest = [.. train.Concat(validation).OrderBy(interaction => interaction.UnixMilliseconds)];
        }

        return new EvaluationSplit
        {
            Dataset = dataset,
            Protocol = "given files: every item of a user in the test file is a target",
            Train = learned,
            BeforeTest = beforeTest,
            Validation = Cases(dataset, learned, validation),
            Test = Cases(dataset, beforeTest, test),
            IsOrdered = isLast || InteractionTimes.AreKnown(train),
        };
    }

    private static List<EvaluationCase> Cases(Dataset dataset, IReadOnlyList<Interaction> known, IReadOnlyList<Interaction> asked)
    {
        var histories = new UserTimelines(dataset.Users.Count, known);
        var windows = new UserTimelines(dataset.Users.Count, asked);
        var cases = new List<EvaluationCase>();
        for (var user = 0; user < dataset.Users.Count; user++)
        {
            var window = windows.Of(user).Span;
            if (window.Length > 0)
            {
                var history = histories.Of(user);
                var newest = history.Length == 0 ? long.MinValue : history.Span[^1].UnixMilliseconds;
                cases.Add(new EvaluationCase
                {
                    User = user,
                    History = history,
                    Targets = CaseTargets.Distinct(window, null),
                    AskedAt = Math.Max(newest, window[0].UnixMilliseconds),
                });
            }
        }

        return cases;
    }

    // Times that end before the test begins, or a single item asked of nearly everybody: the last of a list.
    private static bool IsTheLast(IReadOnlyList<Interaction> train, IReadOnlyList<Interaction> test)
    {
        var newest = train.GroupBy(interaction => interaction.User).ToDictionary(user => user.Key, user => user.Max(one => one.UnixMilliseconds));
        if (InteractionTimes.AreKnown(train))
        {
            return test.Count(one => newest.GetValueOrDefault(one.User, long.MinValue) <= one.UnixMilliseconds) >= NearlyAll * test.Count;
        }

        return test.Count <= test.Select(one => one.User).Distinct().Count() / NearlyAll;
    }
}
