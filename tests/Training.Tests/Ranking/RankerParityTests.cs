using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Onnx;
using ServerlessRec.Training.Publishing;
using ServerlessRec.Training.Ranking;

namespace ServerlessRec.Training.Tests.Ranking;

public sealed class RankerParityTests
{
    private static readonly RankerSpec Spec = new() { ScoreScale = 2 };

    [Fact]
    public void An_exported_ranker_computes_what_the_learned_one_does_over_batches_of_any_size()
    {
        var network = RankerWorlds.Random();
        using var ranker = new Ranker(Spec, RankerGraph.Write(network));
        Assert.InRange(RankerParity.Measure(network, ranker), 0, 1e-5f);
    }

    [Fact]
    public void A_weight_that_changes_between_training_and_export_stops_the_release()
    {
        var network = RankerWorlds.Random();
        using var ranker = new Ranker(Spec, RankerGraph.Write(network));
        network.Second.Numbers[3] += 0.1f;
        Assert.Throws<ParityException>(() => RankerParity.Measure(network, ranker));
    }

    [Fact]
    public void An_exported_untrained_ranker_leaves_order_and_scores_of_candidates_alone()
    {
        using var ranker = new Ranker(Spec with { Candidates = 10 }, RankerGraph.Write(new RankerNetwork(new Random(1))));
        var items = new CatalogueItems([.. Enumerable.Range(0, 30).Select(item => new CatalogueRow(new Item { ItemId = "i" + item }, item + 1, item))]);
        Neighbor[] found = [.. Enumerable.Range(0, 30).Select(rank => new Neighbor(29 - rank, 1 - (rank / 64f)))];
        var ordered = found.ToArray();
        ranker.Order(items, [], DateTimeOffset.UnixEpoch, ordered, TestContext.Current.CancellationToken);
        Assert.Equal(found, ordered);
    }
}
