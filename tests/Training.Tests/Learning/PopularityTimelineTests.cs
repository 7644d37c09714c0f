using ServerlessRec.Training.Data;
using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class PopularityTimelineTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Figures_are_logarithms_of_decayed_counts()
    {
        Interaction[] interactions = [.. Enumerable.Range(0, 64).Select(day => new Interaction(0, day % 2, 0, 1, day * Day))];
        var timeline = new PopularityTimeline(2, interactions);
        var figures = timeline.Of(timeline.Intervals, 1); // newest on the last day, every other day before
        var expected = Enumerable.Range(0, 32).Sum(i => Math.Pow(0.5, 2 * i / 7.0));
        Assert.Equal(Math.Log(1 + expected), figures[1], 1e-4);
        Assert.Equal(Math.Log(33), figures[3], 1e-4);
    }

    [Fact]
    public void Nothing_of_an_interval_or_later_is_known_in_it()
    {
        Interaction[] interactions = [.. Enumerable.Range(0, 640).Select(i => new Interaction(0, i, 0, 1, i / 3 * Day))];
        var timeline = new PopularityTimeline(interactions.Length, interactions);
        foreach (var interaction in interactions)
        {
            var figures = timeline.Of(timeline.IntervalOf(interaction.UnixMilliseconds), interaction.Item);
            Assert.Equal(0, figures[3]);
        }
    }

    [Fact]
    public void A_timestamp_decades_off_leaves_figures_finite()
    {
        Interaction[] interactions = [new Interaction(0, 0, 0, 1, 0), .. Enumerable.Range(0, 64).Select(day => new Interaction(0, 1, 0, 1, (20_000 + day) * Day))];
        var timeline = new PopularityTimeline(2, interactions);
        for (var interval = 0; interval <= timeline.Intervals; interval++)
        {
            Assert.All(timeline.Of(interval, 0).Concat(timeline.Of(interval, 1)), figure => Assert.True(float.IsFinite(figure)));
        }
    }
}
