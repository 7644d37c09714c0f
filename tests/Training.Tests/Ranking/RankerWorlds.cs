using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Ranking;
using ServerlessRec.Training.Tests.Learning;
using ServerlessRec.Training.Towers;
using Spectre.Console;

namespace ServerlessRec.Training.Tests.Ranking;

/// <summary>Worlds of readers who come in the morning or in the evening.</summary>
internal static class RankerWorlds
{
    private const int Users = 700, Items = 60, Visits = 8;

    public static TrainingOptions Options { get; } = TinyWorld.Options with { Epochs = 3, BatchSize = 256, UserTower = UserTowerKind.Pooled };

    /// <summary>At nine they read what is for the day, at nine in the evening what is for the night: nothing of that can be seen in a history.</summary>
    public static Dataset ByHour() => Make("by-hour", (isNight, _, random) => (2 * random.Next(Items / 2)) + (isNight ? 1 : 0));

    /// <summary>They read what is to their taste, whenever they come.</summary>
    public static Dataset ByTaste() => Make("by-taste", (_, user, random) => (2 * random.Next(Items / 2)) + (user % 2));

    public static EvaluatedModel Evaluate(Dataset dataset, TrainingOptions options)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        return new ModelEvaluation(options, new TrainingConsole(console, TimeProvider.System)).Run(
            EvaluationProtocol.Time.Split(dataset), [10], new Baselines((_, _) => [], false), null, TestContext.Current.CancellationToken);
    }

    /// <summary>A ranker as training might leave it: nothing in it is zero.</summary>
    public static RankerNetwork Random(int seed = 5)
    {
        var random = new Random(seed);
        var network = new RankerNetwork(random);
        foreach (ref var number in network.FirstOrder.Values.AsSpan(1))
        {
            number = random.NextSingle() - 0.5f;
        }

        foreach (var weight in network.Weights)
        {
            foreach (ref var number in weight.Numbers)
            {
                number += 0.4f * (random.NextSingle() - 0.5f);
            }
        }

        return network;
    }

    /// <summary>Candidates of any fields.</summary>
    public static RankerInputs Inputs(int candidates, Random random)
    {
        var inputs = new RankerInputs();
        RankerParity.Fill(inputs, candidates, random);
        return inputs;
    }

    private static Dataset Make(string name, Func<bool, int, Random, int> choose)
    {
        var random = new Random(4);
        var interactions = new List<Interaction>();
        for (var user = 0; user < Users; user++)
        {
            for (var visit = 0; visit < Visits; visit++)
            {
                var isNight = random.Next(2) == 1;
                var moment = new DateTimeOffset(2026, 1, 1, isNight ? 21 : 9, random.Next(60), random.Next(60), TimeSpan.Zero).AddDays(random.Next(60));
                interactions.Add(new Interaction(user, choose(isNight, user, random), 0, 1, moment.ToUnixTimeMilliseconds()));
            }
        }

        return new Dataset
        {
            Name = name,
            Users = [.. Enumerable.Range(0, Users).Select(user => new User("u" + user))],
            Items = [.. Enumerable.Range(0, Items).Select(item => new Item { ItemId = "i" + item, Categories = [item % 2 == 0 ? "day" : "night"] })],
            FeedbackTypes = ["read"],
            Interactions = [.. interactions.OrderBy(interaction => interaction.UnixMilliseconds)],
        };
    }
}
