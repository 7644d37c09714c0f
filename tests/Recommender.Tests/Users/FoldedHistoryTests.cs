using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.Users;

public sealed class FoldedHistoryTests
{
    private static readonly UserState State = new()
    {
        User = new User("u"),
        History =
        [
            new HistoryEntry("a", "watch", 2, UserStates.Noon),
            new HistoryEntry("b", "like", 1, UserStates.Noon.AddMinutes(1)),
            new HistoryEntry("a", "watch", 3, UserStates.Noon.AddMinutes(2)),
            new HistoryEntry("a", "like", 1, UserStates.Noon.AddMinutes(3)),
            new HistoryEntry("b", "like", 5, UserStates.Noon.AddMinutes(4), overwrite: true),
            new HistoryEntry("b", "like", 2, UserStates.Noon.AddMinutes(5)),
        ],
    };

    [Fact]
    public void Repeats_add_up_an_overwrite_starts_anew_and_the_newest_comes_first() => Assert.Equal(
        [("like", "b", 7.0, 5), ("like", "a", 1.0, 3), ("watch", "a", 5.0, 2)],
        FoldedHistory.Of(State).Select(one => (one.FeedbackType, one.ItemId, one.Value, (one.Timestamp - UserStates.Noon).Minutes)));

    [Fact]
    public void One_type_alone_can_be_asked_for() =>
        Assert.Equal("a", Assert.Single(FoldedHistory.Of(State, "watch")).ItemId);
}
