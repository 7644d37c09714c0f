using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>What of a train file is kept from learning while settings are chosen, as the test file is to the train file.</summary>
/// <param name="Kept">Learned from, in the order it came in.</param>
/// <param name="Taken">Asked for.</param>
internal sealed record HeldBack(IReadOnlyList<Interaction> Kept, IReadOnlyList<Interaction> Taken)
{
    private const double Share = 0.1;
    private const int FewestItems = 5;

    /// <summary>A tenth of each user's items, drawn: lists that say nothing of an order.</summary>
    public static HeldBack Drawn(IReadOnlyList<Interaction> train, int seed)
    {
        var counts = CountsOf(train);
        var random = new Random(seed);
        return Cut(train, interaction => random.NextDouble() < Share && counts[interaction.User] >= FewestItems);
    }

    /// <summary>As many of each user's last items as are asked of him in the test, half of what he has at most.</summary>
    public static HeldBack Last(IReadOnlyList<Interaction> train, IReadOnlyList<Interaction> test)
    {
        var counts = CountsOf(train);
        var asked = CountsOf(test);
        var seen = new Dictionary<int, int>();
        return Cut(train, interaction =>
        {
            var (user, count) = (interaction.User, counts[interaction.User]);
            var place = seen[user] = seen.GetValueOrDefault(user) + 1;
            return count >= FewestItems && place > count - Math.Min(count / 2, asked.GetValueOrDefault(user));
        });
    }

    private static Dictionary<int, int> CountsOf(IReadOnlyList<Interaction> interactions) =>
        interactions.CountBy(interaction => interaction.User).ToDictionary();

    private static HeldBack Cut(IReadOnlyList<Interaction> train, Func<Interaction, bool> isTaken)
    {
        var (kept, taken) = (new List<Interaction>(train.Count), new List<Interaction>());
        foreach (var interaction in train)
        {
            (isTaken(interaction) ? taken : kept).Add(interaction);
        }

        return new HeldBack(kept, taken);
    }
}
