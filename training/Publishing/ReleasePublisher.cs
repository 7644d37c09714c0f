using System.Globalization;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Onnx;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Ranking;
using ServerlessRec.Training.Retraining;

namespace ServerlessRec.Training.Publishing;

/// <summary>Makes a release of trained towers: item vectors, ONNX files, parity check, publication, and the users' histories in the user store.</summary>
internal sealed class ReleasePublisher(TrainingStore store, TimeProvider clock, TrainingConsole console)
{
    private const int MeasuredUsers = 300;

    /// <summary>Publishes; before the parity check has passed nothing is written.</summary>
    /// <param name="towers">Trained on all of the data set.</param>
    /// <param name="source">Items and histories, and where they come from.</param>
    /// <param name="report">Figures for the manifest.</param>
    /// <param name="gate">Its findings go to the manifest.</param>
    /// <param name="options">Noted in the manifest.</param>
    /// <param name="cancellationToken">Until the release is promoted nothing of it is visible.</param>
    public async Task<ReleaseManifest> PublishAsync(
        TowerPair towers, TrainingSource source, EvaluationReport report, ReleaseGate gate, TrainingOptions options, CancellationToken cancellationToken)
    {
        var dataset = source.Dataset;
        var vectors = towers.InferItems();
        var exported = ExportedTowers.Of(towers);
        var timelines = ImportedHistories.Timelines(dataset);
        var parity = ParityCheck.Measure(towers, exported, vectors, dataset, timelines);
        console.Say($"Exported towers agree with the trained ones: largest difference {parity:G2}.");
        using var ranker = report.Ranker is { IsAccepted: true, Network: { } network } ? Export(network, towers) : null;
        if (source.IsImport)
        {
            // Before the release: one without the feedback it learned from could not be trained again.
            await ImportedFeedback.WriteAsync(store.Blobs, dataset, cancellationToken).ConfigureAwait(false);
        }

        var draft = new ReleaseDraft
        {
            Origin = "train",
            Features = towers.Spec,
            UserTower = exported.UserTower,
            ItemTower = exported.ItemTower,
            RankerSpec = ranker?.Spec,
            Ranker = ranker?.Onnx ?? default,
            Items = towers.Catalogue,
            ItemVectors = vectors,
            UserVectors = towers.InferUsers(SomeOf(timelines), vectors),
            Index = IndexOptions(towers.Spec.Dimensions),
            CatalogueLogPosition = source.CatalogueLogPosition,
            Metrics = new SortedDictionary<string, double>(report.ToMetrics().ToDictionary(), StringComparer.Ordinal) { ["parity"] = parity },
            Notes = Notes(dataset, report, gate, options),
        };
        var manifest = await new ReleaseStore(store.Blobs, clock).PublishAsync(draft, new Steps(console), cancellationToken).ConfigureAwait(false);
        if (!source.IsImport)
        {
            return manifest; // live feedback is in the histories since it came
        }

        var written = await UserImport.RunAsync(store.Users, ImportedHistories.Of(dataset), cancellationToken).ConfigureAwait(false);
        console.Say($"Histories of {dataset.Users.Count:N0} users are in the user store ({written:N0} rows written).");
        return manifest;
    }

    private Ranker Export(RankerNetwork network, TowerPair towers)
    {
        var ranker = new Ranker(new RankerSpec { ScoreScale = towers.Prior.ScoreScale }, RankerGraph.Write(network));
        console.Say($"Exported ranker agrees with the learned one: largest difference {RankerParity.Measure(network, ranker):G2}.");
        return ranker;
    }

    // Users from all over the data, whose lists the index is measured by.
    private static ReadOnlyMemory<Interaction>[] SomeOf(IReadOnlyList<ReadOnlyMemory<Interaction>> timelines) =>
        [.. timelines.Where((timeline, user) => timeline.Length > 0 && user % Math.Max(1, timelines.Count / MeasuredUsers) == 0).Take(MeasuredUsers)];

    /// <summary>The index of a release.</summary>
    public static HnswOptions IndexOptions(int dimensions) => new() { Dimensions = dimensions, Metric = Metric.InnerProduct, Rerank = RerankVectors.Residual };

    private static SortedDictionary<string, string> Notes(Dataset dataset, EvaluationReport report, ReleaseGate gate, TrainingOptions options) =>
        new(StringComparer.Ordinal)
        {
            ["dataset"] = dataset.Name,
            ["users"] = dataset.Users.Count.ToString(CultureInfo.InvariantCulture),
            ["interactions"] = dataset.Interactions.Count.ToString(CultureInfo.InvariantCulture),
            ["protocol"] = report.Protocol,
            ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
            [CurrentRelease.NewestNote] = DateTimeOffset.FromUnixTimeMilliseconds(dataset.Interactions[^1].UnixMilliseconds).ToString("O", CultureInfo.InvariantCulture),
            ["gate"] = string.Join("; ", [.. gate.Reasons, .. gate.Refusals.Select(refusal => "forced: " + refusal)]),
            ["ranker"] = report.Ranker?.Reason ?? "off",
            ["epochs"] = report.BestEpoch.ToString(CultureInfo.InvariantCulture),
        };

    private sealed class Steps(TrainingConsole console) : IProgress<string>
    {
        public void Report(string value) => console.Say($"  {value}");
    }
}
