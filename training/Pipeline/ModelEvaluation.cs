using System.Globalization;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Evaluation.NewItems;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Learning.Checkpoints;
using ServerlessRec.Training.Onnx;
using ServerlessRec.Training.Ranking;

namespace ServerlessRec.Training.Pipeline;

/// <summary>
/// Measures the model against the baselines: the best epoch is chosen on validation, then model and baselines learn from everything
/// before the test targets, and the test targets are asked once.
/// </summary>
/// <remarks>
/// For the test the model learns anew. Going on from the chosen epoch for an epoch or two is cheaper and was 7 % behind on online-retail:
/// what is newest is what the test asks about, and two epochs do not learn it.
/// </remarks>
internal sealed class ModelEvaluation(TrainingOptions options, TrainingConsole console, TrainingCheckpoints? checkpoints = null)
{
    private const int FewestCasesForPrior = 200; // fewer would choose by chance

    private const int MostEpochsBeside = 15; // of trainings that are only compared with: a set of a million may take no more than an hour

    private const string Textbook = "BCE, one negative";

    private readonly List<TrainingCurve> _curves = [];

    /// <summary>Chooses, learns on, and measures every scorer on the test cases.</summary>
    /// <param name="split">What is learned and asked.</param>
    /// <param name="ks">List lengths.</param>
    /// <param name="baselines">What to compare with.</param>
    /// <param name="current">The release that serves; null: none.</param>
    /// <param name="cancellationToken">Stops between batches and cases.</param>
    /// <exception cref="InvalidDataException">There is nothing to learn or to ask.</exception>
    public EvaluatedModel Run(EvaluationSplit split, IReadOnlyList<int> ks, Baselines baselines, IScorer? current, CancellationToken cancellationToken)
    {
        if (split.Validation.Count == 0 || split.Test.Count == 0)
        {
            throw new InvalidDataException($"'{split.Dataset.Name}' is too small to be evaluated: no user has feedback on both sides of the split.");
        }

        console.Say($"Split: {split.Protocol}; {split.Validation.Count:N0} validation and {split.Test.Count:N0} test cases.");
        var evaluator = new Evaluator(split.Dataset, split.BeforeTest, new EvaluatorOptions { Ks = ks, Threads = options.Threads });
        var chosen = Choose(split, cancellationToken);
        var ranker = LearnRanker(split, chosen, cancellationToken);
        var model = FitChosen(split, chosen, cancellationToken);
        var scorer = new TowerScorer(EvaluationReport.Model, model.Towers, split.Test);
        var rows = new List<EvaluationRow> { evaluator.Run(scorer, split.Test, cancellationToken) };
        if (ranker?.Network is { } network)
        {
            using var exported = new Ranker(new RankerSpec { ScoreScale = 1 }, RankerGraph.Write(network));
            var cases = new AskedCases(split.Dataset, new CatalogueItems(model.Towers.Catalogue));
            rows.Add(evaluator.Run(new RankedScorer(RankerFinding.Ranked, scorer, exported, split.Dataset, cases), split.Test, cancellationToken));
        }

        if (current is not null)
        {
            rows.Add(evaluator.Run(current, split.Test, cancellationToken));
        }

        foreach (var baseline in baselines.Scorers(split, cancellationToken))
        {
            rows.Add(evaluator.Run(baseline, split.Test, cancellationToken));
        }

        if (baselines.WithTrainings)
        {
            console.Say($"The textbook's loss, for as many epochs, {MostEpochsBeside} at most:");
            var same = options with { Loss = TrainingLoss.BinaryCrossEntropy, Epochs = Math.Min(model.BestEpoch, MostEpochsBeside), Shape = TowerChoice.Of(options, split)[0] };
            var textbook = Fit(split.Dataset, split.BeforeTest, same, null, cancellationToken).Towers;
            rows.Add(evaluator.Run(new TowerScorer(Textbook, textbook, split.Test), split.Test, cancellationToken));
        }

        var report = new EvaluationReport(split.Dataset.Name, split.Protocol, rows, model.BestEpoch, chosen.BestMetric)
        {
            Ranker = ranker,
            NewItems = baselines.WithTrainings ? MeasureNewItems(split.Dataset, model, ks, cancellationToken) : null,
            Curves = [.. _curves],
            Served = baselines.WithTrainings ? ServedFigures.Measure(model.Towers, split.Dataset, split.Test, cancellationToken) : null,
        };
        return new EvaluatedModel(report, model);
    }

    /// <summary>Trains towers of the chosen kind on all interactions of a data set, for as many epochs as were chosen.</summary>
    public FittedTowers FitAll(Dataset dataset, EvaluatedModel evaluated, CancellationToken cancellationToken) => Fit(
        dataset,
        dataset.Interactions,
        options with { Epochs = evaluated.Report.BestEpoch, Shape = evaluated.Model.Towers.Shape, TasteWeight = evaluated.Model.TasteWeight, PriorShifts = evaluated.Model.PriorShifts },
        null,
        cancellationToken);

    private NewItemReport? MeasureNewItems(Dataset dataset, FittedTowers model, IReadOnlyList<int> ks, CancellationToken cancellationToken)
    {
        if (NewItemSplit.Of(dataset, PositiveFeedback.Default.In(dataset), options.Seed) is not { Cases.Count: > 0 } split)
        {
            return null;
        }

        console.Say($"Without {split.Items:N0} items, for as many epochs, {MostEpochsBeside} at most:");
        var same = options with { Epochs = Math.Min(model.BestEpoch, MostEpochsBeside), Shape = model.Towers.Shape, TasteWeight = model.TasteWeight, PriorShifts = model.PriorShifts };
        var towers = Fit(dataset, split.Learned, same, null, cancellationToken).Towers;
        var cases = ValidationSample.Of(split.Cases, options.Seed);
        var evaluator = new Evaluator(split.Ranked, split.Learned, new EvaluatorOptions { Ks = ks, Threads = options.Threads });
        IScorer[] scorers =
        [
            new TowerScorer(EvaluationReport.Model, towers, cases), new RandomOrderScorer(options.Seed), new CategoryPopularityScorer(dataset, split.Learned),
        ];
        return new NewItemReport(split.Items, [.. scorers.Select(scorer => evaluator.Run(scorer, cases, cancellationToken))]);
    }

    /// <summary>The towers, their epoch and their prior that validation prefers; the test is not looked at.</summary>
    public FittedTowers Choose(EvaluationSplit split, CancellationToken cancellationToken)
    {
        FittedTowers? best = null;
        foreach (var shape in TowerChoice.Of(options, split))
        {
            console.Say($"User tower: {shape.UserTower}, histories of up to {shape.HistoryLength} entries.");
            var fitted = ChooseEpoch(split, options with { Shape = shape }, best?.BestMetric ?? double.NegativeInfinity, cancellationToken);
            best = best is null || fitted.BestMetric > best.BestMetric ? fitted : best;
        }

        return best!;
    }

    private RankerFinding? LearnRanker(EvaluationSplit split, FittedTowers chosen, CancellationToken cancellationToken)
    {
        if (options.Ranker == RankerUse.Off)
        {
            return null;
        }

        var finding = new RankerChoice(options).Make(
            chosen.Towers, split.Dataset, split.Train, ValidationSample.Of(split.Validation, options.Seed), cancellationToken);
        console.Say($"Ranker: {finding.Reason}.");
        return finding;
    }

    private FittedTowers FitChosen(EvaluationSplit split, FittedTowers best, CancellationToken cancellationToken)
    {
        console.Say($"Best: {best.Towers.Shape.UserTower}, epoch {best.BestEpoch}, taste weighs {best.TasteWeight}, popularity is shifted by {string.Join(" ", best.PriorShifts.Select(shift => shift.ToString("0.0", CultureInfo.InvariantCulture)))}. Training again on everything before the test targets.");
        var chosen = options with { Epochs = best.BestEpoch, Shape = best.Towers.Shape, TasteWeight = best.TasteWeight, PriorShifts = best.PriorShifts };
        return Fit(split.Dataset, split.BeforeTest, chosen, null, cancellationToken);
    }

    private FittedTowers Fit(
        Dataset dataset,
        IReadOnlyList<Interaction> interactions,
        TrainingOptions trainingOptions,
        TowerValidation? validate,
        CancellationToken cancellationToken,
        double toBeat = double.NegativeInfinity)
    {
        var trainer = new TowerTrainer(trainingOptions);
        var spec = FeatureSpecs.For(dataset, trainingOptions.Shape);
        var catalogue = TrainingCatalogue.Of(dataset, interactions);
        var epochs = new List<EpochReport>();
        var checkpoint = checkpoints?.Of(trainingOptions, dataset, interactions, isValidated: validate is not null);
        if (checkpoint?.Exists == true)
        {
            console.Say($"Going on from the checkpoint of a run that was ended.");
        }

        var fitted = console.WithEpochs(report => trainer.Fit(
            dataset,
            interactions,
            spec,
            catalogue,
            validate,
            epoch =>
            {
                report(epoch);
                epochs.AddRange(epoch.Validation is null ? [] : (EpochReport[])[epoch]);
            },
            cancellationToken,
            toBeat,
            checkpoint));
        if (checkpoint?.Problem is { } problem)
        {
            console.Say($"No checkpoint could be kept: {problem}");
        }

        if (epochs.Count > 0)
        {
            _curves.Add(new TrainingCurve(trainingOptions.Shape.UserTower.ToString(), epochs));
        }

        return fitted;
    }

    private FittedTowers ChooseEpoch(EvaluationSplit split, TrainingOptions trainingOptions, double toBeat, CancellationToken cancellationToken)
    {
        const int K = 10;
        var evaluator = new Evaluator(split.Dataset, split.Train, new EvaluatorOptions { Ks = [K], Threads = options.Threads });
        var cases = ValidationSample.Of(split.Validation, options.Seed);
        var isPriorMeasured = cases.Count >= FewestCasesForPrior;
        TowerScorer? scorer = null;
        return Fit(
            split.Dataset,
            split.Train,
            isPriorMeasured
                ? trainingOptions
                : trainingOptions with { TasteWeight = trainingOptions.TasteWeight ?? 1, PriorShifts = trainingOptions.PriorShifts ?? new float[PopularityTimeline.Features] },
            new TowerValidation(
                towers => Ndcg(scorer = new TowerScorer(EvaluationReport.Model, towers, cases)),
                towers =>
                {
                    scorer!.RereadPrior(towers);
                    return Ndcg(scorer);
                }),
            cancellationToken,
            toBeat);

        double Ndcg(IScorer one) => evaluator.Run(one, cases, cancellationToken).AtK(K).Ndcg;
    }
}
