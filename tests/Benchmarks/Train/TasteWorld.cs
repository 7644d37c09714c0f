using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Benchmarks.Train;

/// <summary>
/// Users with three tastes each, who mostly take popular items of one of them, a run of entries at a time: as much to learn as public sets of
/// that size have, and the same on every machine.
/// </summary>
internal static class TasteWorld
{
    private const int TastesOfAUser = 3;
    private const double LeavesTheRun = 0.2;
    private const double Noise = 0.15;
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Dataset Make(int users, int items, int interactions, int seed = 1)
    {
        var random = new Random(seed);
        var tastes = Math.Max(4, items / 100);
        var made = new List<Interaction>(interactions);
        for (var user = 0; user < users; user++)
        {
            int[] own = [.. Enumerable.Range(0, TastesOfAUser).Select(_ => random.Next(tastes))];
            var taste = own[0];
            var moment = Beginning.ToUnixTimeMilliseconds() + random.NextInt64(30L * 86_400_000);
            for (var entry = 0; entry < interactions / users; entry++)
            {
                taste = random.NextDouble() < LeavesTheRun ? own[random.Next(TastesOfAUser)] : taste;
                moment += 1000 + random.NextInt64(86_400_000);
                made.Add(new Interaction(user, random.NextDouble() < Noise ? random.Next(items) : Of(taste, tastes, items, random), 0, 1, moment));
            }
        }

        return new Dataset
        {
            Name = "tastes",
            Users = [.. Enumerable.Range(0, users).Select(user => new User($"u{user}"))],
            Items = [.. Enumerable.Range(0, items).Select(item => new Item { ItemId = $"i{item}" })],
            FeedbackTypes = ["click"],
            Interactions = [.. made.OrderBy(one => one.UnixMilliseconds)],
        };
    }

    // Items of a taste are those with its number modulo; low ranks are taken most.
    private static int Of(int taste, int tastes, int items, Random random)
    {
        var rank = (int)(Math.Pow(random.NextDouble(), 3) * (items / tastes));
        return Math.Min(items - 1, (rank * tastes) + taste);
    }
}
