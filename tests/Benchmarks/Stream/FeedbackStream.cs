using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>Seeded users and events over the items of a release.</summary>
internal sealed class FeedbackStream(IReadOnlyList<string> items, int users)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    public static string UserId(int user) => $"user-{user:d6}";

    /// <summary>Users with a history that was imported.</summary>
    public IEnumerable<ImportedUser> Users(int history)
    {
        var random = new Random(1);
        for (var user = 0; user < users; user++)
        {
            yield return new ImportedUser(new User(UserId(user)), [.. Enumerable.Range(0, history).Select(i =>
                new HistoryEntry(items[random.Next(items.Count)], "click", 1, Start.AddMinutes(i - history)))]);
        }
    }

    public FeedbackEvent Event(int number, Random random) => new()
    {
        UserId = UserId(random.Next(users)),
        ItemId = items[random.Next(items.Count)],
        FeedbackType = "click",
        Timestamp = Start.AddMilliseconds(number),
        EventId = $"e-{number:x8}",
    };
}
