using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Onnx;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Publishing;
using ServerlessRec.Training.Ranking;
using ServerlessRec.Training.Retraining;
using ServerlessRec.Training.Tests.Learning;
using Spectre.Console;

namespace ServerlessRec.Training.Tests.Ranking;

/// <summary>What training computes for a case and what a server answers to the same user at the same moment are the same.</summary>
public sealed class RankerServingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ranker-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_orders_as_training_and_evaluation_did()
    {
        var dataset = World();
        var towers = TinyWorld.Untrained(dataset);
        var network = RankerWorlds.Random();
        var newest = dataset.Interactions[^1].UnixMilliseconds;
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(newest).AddHours(31));
        var timelines = ImportedHistories.Timelines(dataset);
        EvaluationCase[] asked = [.. Enumerable.Range(0, 20).Select(user => new EvaluationCase
        {
            User = user,
            History = timelines[user],
            Targets = [0],
            AskedAt = newest + 1,
            RequestedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        })];

        await using var store = await TrainingStore.OpenAsync(_folder, clock, Cancel);
        var manifest = await PublishAsync(store, dataset, towers, network);
        using var holder = new ReleaseHolder(store.Blobs, clock, NullLogger<ReleaseHolder>.Instance);
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
        var service = new RecommendationService(holder, store.Users, new ServingOptions(), clock);
        using var ranker = new Ranker(new RankerSpec { ScoreScale = 1 }, RankerGraph.Write(network));
        var cases = new AskedCases(dataset, new CatalogueItems(towers.Catalogue));
        var pool = new CandidatePool(dataset, ranker.Spec.Candidates);
        var scorer = new TowerScorer("model", towers, asked);
        foreach (var one in asked)
        {
            var found = pool.Find(scorer, one);
            var retrieved = found.Select(candidate => dataset.Items[candidate.Ordinal].ItemId).ToList();
            cases.Order(ranker, one, found);
            var expected = found.ToDictionary(candidate => dataset.Items[candidate.Ordinal].ItemId, candidate => candidate.Score - found[0].Score);
            var list = (await service.RecommendAsync(dataset.Users[one.User].UserId, new RecommendQuery { Count = 500 }, Cancel)).Items;
            Assert.Equal(expected.Count, list.Count);
            Assert.NotEqual(retrieved, list.Select(item => item.Id));
            Assert.All(list, item => Assert.Equal(expected[item.Id], (item.Score - list[0].Score) * manifest.Ranker!.ScoreScale, 0.02));
        }
    }

    [Fact]
    public async Task Comparing_releases_shows_a_ranked_one_with_and_without_its_ranker()
    {
        var dataset = World();
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(dataset.Interactions[^1].UnixMilliseconds).AddHours(31));
        await using var store = await TrainingStore.OpenAsync(_folder, clock, Cancel);
        var manifest = await PublishAsync(store, dataset, TinyWorld.Untrained(dataset), RankerWorlds.Random());
        var later = dataset with
        {
            Interactions = [.. Enumerable.Range(0, 200).Select(place => new Interaction(
                place % 40, (place * 7) % dataset.Items.Count, 0, 1, clock.GetUtcNow().AddSeconds(place).ToUnixTimeMilliseconds()))],
        };

        var rows = await new ReleaseComparison(store, clock).RunAsync([manifest.Id], later, [10], Cancel);

        Assert.Equal([manifest.Id, manifest.Id + ReleaseComparison.Ranked], rows.Take(2).Select(row => row.Scorer));
        Assert.NotEqual(rows[0].AtK(10).Ndcg, rows[1].AtK(10).Ndcg);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Items of all ages and of none; users who came minutes and weeks ago; a popular item and unknown ones.
    private static Dataset World()
    {
        var dataset = TinyWorld.Make(users: 40, itemsOfATaste: 40);
        return dataset with
        {
            Items = [.. dataset.Items.Select((item, place) => new Item
            {
                ItemId = item.ItemId,
                Categories = place % 5 == 0 ? [] : [.. item.Categories, $"shelf {place % 7}"],
                Timestamp = place % 3 == 0 ? null : DateTimeOffset.UnixEpoch.AddDays(100 - (place * place / 50.0)),
                Comment = item.Comment,
                LabelsJson = item.LabelsJson,
            })],
        };
    }

    private static async Task<ReleaseManifest> PublishAsync(TrainingStore store, Dataset dataset, TowerPair towers, RankerNetwork network)
    {
        using var output = new StringWriter();
        var console = new TrainingConsole(
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No }), TimeProvider.System);
        var report = new EvaluationReport("tiny", "none", [], 1, 0) { Ranker = new RankerFinding(network, true, "because the test says so") };
        var manifest = await new ReleasePublisher(store, TimeProvider.System, console)
            .PublishAsync(towers, new TrainingSource(dataset, 0, IsImport: true), report, new ReleaseGate([], []), TinyWorld.Options, Cancel);
        Assert.Equal("because the test says so", manifest.Notes["ranker"]);
        Assert.Contains("Exported ranker agrees", output.ToString(), StringComparison.Ordinal);
        return manifest;
    }
}
