using System.Diagnostics;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;
using TorchSharp;

namespace ServerlessRec.Benchmarks.Train;

/// <summary>Runs the train verb.</summary>
internal sealed class TrainBench(TrainSettings settings)
{
    private const int Cases = 2000, K = 10;
    private const int PairsAUser = 27, EventsAUser = 166, ItemsShare = 20, SequenceItemsShare = 290;

    private readonly BenchmarkReport _report = new("train", TimeProvider.System.GetUtcNow());

    public int Run(CancellationToken cancellationToken)
    {
        _report.Settings["pooledPairs"] = settings.PooledPairs;
        _report.Settings["sequenceEvents"] = settings.SequenceEvents;
        MeasurePooled(cancellationToken);
        MeasureSequence(cancellationToken);
        _report.Print();
        if (settings.Json is not null)
        {
            _report.WriteJson(settings.Json);
        }

        return 0;
    }

    private void MeasurePooled(CancellationToken cancellationToken)
    {
        var dataset = TasteWorld.Make(settings.PooledPairs / PairsAUser, settings.PooledPairs / ItemsShare, settings.PooledPairs);
        var options = new TrainingOptions { Epochs = settings.Epochs };
        var started = Stopwatch.GetTimestamp();
        var toBest = TimeSpan.Zero;
        var fitted = Fit(dataset, options, report => toBest = report.IsBest ? Stopwatch.GetElapsedTime(started) : toBest, cancellationToken);
        var epoch = fitted.Fitted.Pairs / fitted.PairsASecond;
        _report.Add("pooled_train_s", toBest.TotalSeconds, "s", "to the best validation epoch");
        _report.Add("pooled_best_epoch", fitted.Fitted.BestEpoch, "epochs");
        _report.Add("pooled_pairs_per_s", fitted.PairsASecond, "pairs/s");
        _report.Add("pooled_epoch_s", epoch, "s");
        _report.Add("pooled_epoch_ratio", epoch / Products(fitted.Fitted.Pairs, options), "ratio", "the loss's bare matrix products");
    }

    private void MeasureSequence(CancellationToken cancellationToken)
    {
        var dataset = TasteWorld.Make(settings.SequenceEvents / EventsAUser, settings.SequenceEvents / SequenceItemsShare, settings.SequenceEvents);
        var options = new TrainingOptions { Epochs = 1, Shape = new TowerShape { UserTower = UserTowerKind.Sequence, HistoryLength = 200 } };
        var fitted = Fit(dataset, options, _ => { }, cancellationToken);
        var epoch = fitted.Fitted.Pairs / fitted.PairsASecond;
        _report.Add("sequence_epoch_s", epoch, "s");
        _report.Add("sequence_pairs_per_s", fitted.PairsASecond, "positions/s");
        _report.Add("sequence_epoch_ratio", epoch / Products(fitted.Fitted.Pairs, options), "ratio", "the loss's bare matrix products");
    }

    private static (FittedTowers Fitted, double PairsASecond) Fit(
        Dataset dataset, TrainingOptions options, Action<EpochReport> progress, CancellationToken cancellationToken)
    {
        var split = LeaveOneOutSplit.Split(dataset);
        var cases = split.Validation.Take(Cases).ToList();
        var evaluator = new Evaluator(dataset, split.Train, new EvaluatorOptions { Ks = [K] });
        var pace = 0.0;
        var fitted = new TowerTrainer(options).Fit(
            dataset,
            split.Train,
            FeatureSpecs.For(dataset, options.Shape),
            TrainingCatalogue.Of(dataset, split.Train),
            TowerValidation.Of(towers => evaluator.Run(new TowerScorer("model", towers, cases), cases, cancellationToken).AtK(K).Ndcg),
            report =>
            {
                pace = report.PairsPerSecond;
                progress(report);
            },
            cancellationToken);
        return (fitted, pace);
    }

    // Logits and their two gradients: [B, D] × [D, C], [B, C] × [C, D] and [C, B] × [B, D] for every batch of an epoch.
    private static double Products(int pairs, TrainingOptions options)
    {
        const int Rounds = 20;
        var batch = TrainingOptions.BatchSizeFor(pairs, options.Shape.UserTower);
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var users = torch.rand(batch, options.Shape.Dimensions);
        var columns = torch.rand(batch + options.UniformNegatives, options.Shape.Dimensions);
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds; round++)
        {
            using var inner = torch.NewDisposeScope();
            var logits = users.mm(columns.t());
            logits.mm(columns);
            logits.t().mm(users);
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds / Rounds * pairs / batch;
    }
}
