using CsCheck;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Recommender.Users.Codec;

namespace ServerlessRec.Recommender.Tests.Users;

public sealed class HistoryUpdateTests
{
    [Fact]
    public void An_event_joins_history_and_seen_items_and_outdates_the_vector()
    {
        var state = HistoryUpdate.Apply(UserStates.New("u"), [Logged("new", 60, sequence: 900)]);
        Assert.Equal("new", state.History[^1].ItemId);
        Assert.Contains(ItemHash.Of("new"), state.SeenItems);
        Assert.Null(state.TowerVersion);
        Assert.True(state.Vector.IsEmpty);
    }

    [Fact]
    public void An_event_delivered_again_changes_nothing()
    {
        var events = Enumerable.Range(0, 5).Select(i => Logged($"i{i}", i, i)).ToArray();
        var once = HistoryUpdate.Apply(HistoryUpdate.NewUser("u"), events);
        Assert.Same(once, HistoryUpdate.Apply(once, events));
        Assert.Equal(5, HistoryUpdate.Apply(HistoryUpdate.NewUser("u"), [.. events, .. events]).History.Count);
    }

    [Fact]
    public void A_log_made_anew_counts_from_0_again_and_none_of_its_events_is_taken_for_an_old_one()
    {
        var old = Enumerable.Range(0, 5).Select(i => Logged($"old{i}", i, i)).ToArray();
        var anew = Enumerable.Range(0, 5).Select(i => Logged($"new{i}", i, i) with { AcceptedAt = UserStates.Noon.AddMinutes(1) }).ToArray();
        var state = UserStateCodec.Decode(UserStateCodec.Encode(HistoryUpdate.Apply(HistoryUpdate.NewUser("u"), old)));
        var both = UserStateCodec.Decode(UserStateCodec.Encode(HistoryUpdate.Apply(state, anew)));
        Assert.Equal(10, both.History.Count);
        Assert.Same(both, HistoryUpdate.Apply(both, [.. old, .. anew]));

        var marksAlone = both with { History = [] };
        Assert.Same(marksAlone, HistoryUpdate.Apply(marksAlone, [.. old, .. anew]));
        var historyAlone = both with { Applied = [] };
        Assert.Same(historyAlone, HistoryUpdate.Apply(historyAlone, [.. old, .. anew]));
    }

    [Fact]
    public void What_was_applied_before_stamps_were_stored_is_not_applied_again()
    {
        var events = Enumerable.Range(0, 5).Select(i => Logged($"i{i}", i, i)).ToArray();
        var state = HistoryUpdate.Apply(HistoryUpdate.NewUser("u"), events);
        var stored = state with
        {
            History = [.. state.History.Select(entry => entry with { Stamp = LogStamp.Unknown })],
            Applied = [.. state.Applied.Select(mark => mark with { Stamp = LogStamp.Unknown })],
        };
        Assert.Same(stored, HistoryUpdate.Apply(stored, events));
    }

    [Fact]
    public void An_event_id_sent_twice_is_one_event()
    {
        var state = HistoryUpdate.Apply(HistoryUpdate.NewUser("u"), [Logged("a", 0, 1, id: "e1"), Logged("a", 0, 2, id: "e1")]);
        state = HistoryUpdate.Apply(state, [Logged("a", 0, 3, id: "e1")]);
        Assert.Single(state.History);
    }

    [Fact]
    public void An_earlier_event_that_comes_late_takes_its_place_by_time()
    {
        var state = HistoryUpdate.Apply(HistoryUpdate.NewUser("u"), [Logged("second", 2, 2)]);
        state = HistoryUpdate.Apply(state, [Logged("first", 1, 1)]);
        Assert.Equal(["first", "second"], state.History.Select(entry => entry.ItemId));
    }

    [Fact]
    public void Whatever_the_order_and_the_repeats_the_result_is_that_of_the_log() =>
        Gen.Select(Gen.Int[0, 120].Array[1, 400], Gen.Int[1, 7], Gen.Int).Sample((minutes, size, seed) =>
        {
            var log = minutes.Select((minute, i) => Logged($"i{minute % 40}", minute, i, value: i)).ToArray();
            var expected = HistoryUpdate.Apply(HistoryUpdate.NewUser("u"), log);

            var random = new Random(seed);
            var delivered = log.Concat(log.Where(_ => random.Next(4) == 0)).ToArray();
            random.Shuffle(delivered);
            var actual = delivered.Chunk(size).Aggregate(
                HistoryUpdate.NewUser("u"), (state, batch) => HistoryUpdate.Apply(state, batch));

            Assert.Equal(expected.History, actual.History);
            Assert.Equal(expected.SeenItems.ToHashSet(), actual.SeenItems.ToHashSet());
            Assert.Equal(expected.SeenItems.Count, actual.SeenItems.Count);
        }, iter: 1000);

    [Fact]
    public void A_full_history_keeps_the_newest_and_a_full_memory_never_forgets_what_the_history_holds()
    {
        var state = HistoryUpdate.NewUser("u");
        for (var i = 0; i < 2600; i += 20)
        {
            state = HistoryUpdate.Apply(state, Enumerable.Range(i, 20).Select(n => Logged(n % 50 == 0 ? "again" : $"i{n}", n, n)).ToArray());
        }

        Assert.Equal(UserState.HistoryCapacity, state.History.Count);
        Assert.Equal("i2599", state.History[^1].ItemId);
        Assert.Equal(UserState.AppliedCapacity, state.Applied.Count);
        Assert.Equal(UserState.SeenCapacity, state.SeenItems.Distinct().Count());
        Assert.All(state.History, entry => Assert.Contains(ItemHash.Of(entry.ItemId), state.SeenItems));
        UserStates.AssertSame(state, UserStateCodec.Decode(UserStateCodec.Encode(state)));
    }

    [Fact]
    public void Events_accepted_before_the_user_was_deleted_never_come_back()
    {
        var deleted = HistoryUpdate.NewUser("u") with { DeletedAt = UserStates.Noon, IsDeleted = true };
        Assert.Same(deleted, HistoryUpdate.Apply(deleted, [Logged("a", 0, 1)]));
        var again = HistoryUpdate.Apply(deleted, [Logged("a", 0, 1), Logged("b", 0, 2) with { AcceptedAt = UserStates.Noon.AddSeconds(1) }]);
        Assert.Equal(["b"], again.History.Select(entry => entry.ItemId));
        Assert.False(again.IsDeleted);
        Assert.Equal(UserStates.Noon, again.DeletedAt);
    }

    private static LoggedFeedback Logged(string item, int minute, long sequence, string? id = null, double value = 1) => new(
        new FeedbackEvent
        {
            UserId = "u",
            ItemId = item,
            FeedbackType = "click",
            Timestamp = UserStates.Noon.AddMinutes(minute),
            EventId = id,
            Value = value,
        },
        Partition: 1,
        sequence,
        UserStates.Noon);
}
