using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.Towers;

public sealed class HistoryEncoderTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FeatureSpec Spec = new() { Dimensions = 8, HistoryLength = 3, FeedbackTypes = ["click", "buy"] };

    [Fact]
    public void The_newest_known_entries_stand_oldest_first_with_their_ages()
    {
        var inputs = Encode([Entry("1", "click", 0), Entry("2", "buy", 1), Entry("?", "click", 2), Entry("3", "hide", 3), Entry("4", "click", 4)]);
        Assert.Equal([3], inputs.Lengths.ToArray());
        Assert.Equal([2f, 3f, 4f], Firsts(inputs));
        Assert.Equal([2L, 0L, 1L], inputs.Types.ToArray());
        Assert.Equal([1f, 1f, 1f], inputs.Weights.ToArray());
        Assert.Equal([MathF.Log(4), MathF.Log(2), 0f], inputs.Ages.ToArray());
    }

    [Fact]
    public void Shorter_histories_are_padded_on_the_right_whatever_the_buffers_held()
    {
        var encoder = new HistoryEncoder(Spec);
        var inputs = new HistoryInputs();
        encoder.Encode([[Entry("7", "buy", 0), Entry("8", "buy", 1), Entry("9", "buy", 2)], [Entry("6", "buy", 0)]], Read, inputs);
        encoder.Encode([[Entry("?", "click", 1), Entry("5", "click", 2)], [Entry("?", "click", 0)], []], Read, inputs);
        Assert.Equal(2, inputs.Length);
        Assert.Equal([1, 0, 0], inputs.Lengths.ToArray());
        Assert.Equal([5f, 0f, 0f, 0f, 0f, 0f], Firsts(inputs));
        Assert.Equal([1f, 0f, 0f, 0f, 0f, 0f], inputs.Weights.ToArray());
        Assert.Equal([1L, 0L, 0L, 0L, 0L, 0L], inputs.Types.ToArray());
    }

    [Fact]
    public void An_entry_from_the_future_of_the_newest_has_age_zero() =>
        Assert.Equal([0f, 0f], Encode([Entry("1", "click", 5), Entry("2", "click", 1)]).Ages.ToArray());

    private static HistoryEntry Entry(string item, string type, int hour) => new(item, type, 1, Start.AddHours(hour));

    private static HistoryInputs Encode(HistoryEntry[] history)
    {
        var inputs = new HistoryInputs();
        new HistoryEncoder(Spec).Encode([history], Read, inputs);
        return inputs;
    }

    private static bool Read(in HistoryEntry entry, Span<float> destination)
    {
        if (entry.ItemId == "?")
        {
            return false;
        }

        destination.Fill(float.Parse(entry.ItemId));
        return true;
    }

    private static float[] Firsts(HistoryInputs inputs) =>
        [.. inputs.Vectors.ToArray().Where((_, i) => i % inputs.Dimensions == 0)];
}
