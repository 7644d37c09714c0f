using CsCheck;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Tests.Towers;

public sealed class HistoryBatchesTests
{
    [Fact]
    public void Every_history_is_in_one_batch_and_no_batch_holds_more_padding_than_a_run_costs() =>
        Gen.Int[0, 200].Array[0, 400].Sample(lengths =>
        {
            var batches = new HistoryBatches(lengths.ToArray(), new int[lengths.Length]);
            var places = new List<int>();
            while (batches.MoveNext())
            {
                var batch = batches.Current.ToArray();
                var longest = batch.Max(place => lengths[place]);
                Assert.InRange(batch.Sum(place => longest - lengths[place]), 0, 256);
                Assert.InRange(batch.Length, 1, 128);
                places.AddRange(batch);
            }

            Assert.Equal(Enumerable.Range(0, lengths.Length), places.Order());
        });
}
