using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>A split that comes as files: every user of the test file is one case, and the targets are all its items there.</summary>
public static class GivenSplit
{
    private const double HeldBack = 0.1;

    /// <summary>Makes the cases.</summary>
    /// <param name="dataset">Users and items of all parts.</param>
    /// <param name="train">What may be learned from, in the order of timestamps.</param>
    /// <param name="validation">
    /// What settings are chosen on; null: a tenth of each user's train items, drawn by <paramref name="seed"/> for users with at least five.
    /// Drawn and not the last ones, because published lists often have no order.
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
        if (validation is null)
        {
            (learned, validation) = HoldBack(train, seed);
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

    private static (List<Interaction> Kept, List<Interaction> Taken) HoldBack(IReadOnlyList<Interaction> train, int seed)
    {
        const int leastItems = 5;
        var counts = train.CountBy(interaction => interaction.User).ToDictionary();
        var random = new Random(seed);
        var (kept, heldBack) = (new List<Interaction>(train.Count), new List<Interaction>());
        foreach (var interaction in train)
        {
            var isHeldBack = random.NextDouble() < HeldBack && counts[interaction.User] >= leastItems;
            (isHeldBack ? heldBack : kept).Add(interaction);
        }

        return (kept, heldBack);
    }
}
