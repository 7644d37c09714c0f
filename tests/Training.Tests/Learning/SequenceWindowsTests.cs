using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class SequenceWindowsTests
{
    [Fact]
    public void Every_first_interaction_but_a_users_first_is_asked_once_an_epoch_after_the_entry_before_it()
    {
        var dataset = TinyWorld.Make(users: 30, itemsOfATaste: 40);
        var pairs = new TrainingPairs(dataset, dataset.Interactions, double.PositiveInfinity);
        var options = TinyWorld.Options with
        {
            Shape = TinyWorld.Options.Shape with { UserTower = UserTowerKind.Sequence, HistoryLength = 7 },
            BatchSize = 64,
        };
        int[] candidates = [.. Enumerable.Range(0, dataset.Items.Count)];
        var sampler = new BatchSampler(pairs, new PopularityTimeline(dataset.Items.Count, dataset.Interactions), candidates, options, new Random(1));
        var asked = new List<(int Before, int Target)>();
        foreach (var batch in sampler.Epoch())
        {
            var histories = batch.Histories;
            Assert.InRange(histories.Count * histories.Stride, 1, 64);
            Assert.Equal(batch.Count, histories.Asked.Length);
            for (var pair = 0; pair < batch.Count; pair++)
            {
                var place = histories.Asked[pair];
                Assert.InRange(place % histories.Stride, 0, histories.Lengths[place / histories.Stride] - 1);
                asked.Add((batch.Items[histories.Places[place]], batch.Items[batch.Columns[batch.Labels[pair]]]));
            }
        }

        var expected = dataset.Interactions.GroupBy(one => one.User)
            .SelectMany(user => user.Zip(user.Skip(1), (before, target) => (before.Item, target.Item)));
        Assert.Equal(expected.Order(), asked.Order());
    }

    [Fact]
    public void What_a_user_meets_only_later_is_a_negative_and_what_he_knows_already_is_none()
    {
        var dataset = TinyWorld.Make(users: 30, itemsOfATaste: 40);
        var pairs = new TrainingPairs(dataset, dataset.Interactions, double.PositiveInfinity);
        var options = TinyWorld.Options with { Shape = TinyWorld.Options.Shape with { UserTower = UserTowerKind.Sequence, HistoryLength = 200 }, BatchSize = 256 };
        int[] candidates = [.. Enumerable.Range(0, dataset.Items.Count)];
        var sampler = new BatchSampler(pairs, new PopularityTimeline(dataset.Items.Count, dataset.Interactions), candidates, options, new Random(1));
        foreach (var batch in sampler.Epoch())
        {
            var histories = batch.Histories;
            for (var pair = 0; pair < batch.Count; pair++)
            {
                // The window begins with the user's first entry: it is as long as the longest timeline.
                var (row, last) = Math.DivRem(histories.Asked[pair], histories.Stride);
                var known = histories.Places.AsSpan(row * histories.Stride, last + 1).ToArray();
                var expected = known.Distinct().Select(place => Array.IndexOf(batch.Columns, place)).Where(column => column >= 0);
                Assert.Equal(expected.Order(), batch.MaskedOf(pair).ToArray().Order());
            }
        }
    }
}
