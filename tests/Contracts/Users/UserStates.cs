using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Recommender.Users.Codec;

namespace ServerlessRec.Contracts.Users;

/// <summary>States for tests and their comparison: two states are the same when their bytes are.</summary>
internal static class UserStates
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static UserState New(string userId, string comment = "", int entries = 3) => new()
    {
        User = new User(userId, """{"age":31}""", comment),
        History = [.. Enumerable.Range(0, entries).Select(i => new HistoryEntry($"item-{i}", "click", 1, Noon.AddMinutes(i), 2, 100 + i))],
        SeenItems = [.. Enumerable.Range(0, entries).Select(i => ItemHash.Of($"item-{i}"))],
        Vector = new float[] { 0.6f, -0.8f },
        TowerVersion = "0123456789abcdef",
        Applied = [.. Enumerable.Range(0, entries).Select(i => new AppliedMark(2, 100 + i, (ulong)i))],
    };

    public static void AssertSame(UserState expected, UserState? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(UserStateCodec.Encode(expected), UserStateCodec.Encode(actual));
    }
}
