using System.Diagnostics;
using System.Numerics.Tensors;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Learning.Checkpoints;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>Trains an item tower and a user tower on interactions.</summary>
internal sealed class TowerTrainer
{
    internal const double Indistinguishable = 0.005;

    private const int EpochsBeforeGivingUp = 6, EpochsToCatchUp = 10, EpochsOfPace = 3;

    private readonly TrainingOptions _options;

    public TowerTrainer(TrainingOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <summary>Trains until the validation metric no longer rises, or for all epochs; the towers are those of the best epoch.</summary>
    /// <param name="dataset">Users and items.</param>
    /// <param name="interactions">What is learned from.</param>
    /// <param name="spec">Inputs of the towers.</param>
    /// <param name="catalogue">The data set's items in their order.</param>
    /// <param name="validate">Greater is better; null: the last epoch is taken.</param>
    /// <param name="progress">Reports in the caller's thread.</param>
    /// <param name="cancellationToken">Checked before every batch.</param>
    /// <param name="toBeat">What other towers reached: training ends early where it is out of reach at the pace of the last epochs.</param>
    /// <param name="checkpoint">Read before, written after each epoch; with one thread a run that goes on ends with the same towers as one that was
    /// never ended. Null: none.</param>
    public FittedTowers Fit(
        Dataset dataset,
        IReadOnlyList<Interaction> interactions,
        FeatureSpec spec,
        IReadOnlyList<CatalogueRow> catalogue,
        TowerValidation? validate,
        Action<EpochReport>? progress,
        CancellationToken cancellationToken,
        double toBeat = double.NegativeInfinity,
        FitCheckpoint? checkpoint = null)
    {
        var random = new Random(_options.Seed);
        var pairs = new TrainingPairs(dataset, interactions, _options.RecencyHalfLife);
        if (pairs.Count == 0)
        {
            throw new InvalidDataException($"'{dataset.Name}': no user has feedback on two different items, so there is nothing to learn from.");
        }

        var popularity = new PopularityTimeline(catalogue.Count, Positive(dataset, interactions));
        int[] candidates = [.. Enumerable.Range(0, catalogue.Count).Where(item => catalogue[item].IdIndex > 0)];
        var sampling = ItemTowerNetwork.IsContentIn(spec) ? _options : _options with { IdDropout = 0 }; // nothing would be left of an item
        var sampler = new BatchSampler(pairs, popularity, candidates, sampling, random);
        var temperature = _options.Temperature ?? TrainingOptions.TemperatureFor(candidates.Length, _options.Shape.UserTower, popularity.IsTimed);
        var decay = _options.RateDecay ?? TrainingOptions.RateDecayFor(pairs.Count, candidates.Length, _options.Shape.UserTower);
        var epochs = Math.Min(_options.Epochs, TrainingOptions.EpochsWorthwhile(decay));
        var towers = new TowerPair(spec, _options.Shape, catalogue, temperature, random, _options.Threads);
        if (_options.Loss == TrainingLoss.BinaryCrossEntropy)
        {
            towers.Prior.Exponents.Numbers.Clear();
        }

        var adam = new AdamOptimizer();
        var average = new AverageWeights(towers, sampler.BatchesPerEpoch);
        var state = checkpoint?.Load(towers, adam, average) ?? new FitProgress { BestEpoch = epochs };
        state.Reports.ForEach(report => progress?.Invoke(report));
        Skip(state.IsDone ? 0 : state.Epoch, sampler, towers, cancellationToken);
        for (var started = Stopwatch.GetTimestamp(); !state.IsDone; started = Stopwatch.GetTimestamp())
        {
            var epoch = state.Epoch + 1;
            var report = RunEpoch(towers, sampler, adam, average, (epoch, epochs), decay, progress, cancellationToken);
            average.Swap();
            towers.SettlePrior(popularity);
            Judge(state, validate is null ? report with { IsLast = true } : report with { Validation = validate.Measure(towers) }, towers, toBeat);
            average.Swap();
            progress?.Invoke(state.Reports[^1]);
            state.Elapsed += Stopwatch.GetElapsedTime(started);
            state.IsDone |= epoch == epochs || (validate is not null && state.Elapsed > _options.TimeToChoose);
            checkpoint?.Save(towers, adam, average, state);
        }

        average.Swap();
        state.Best?.Restore(towers);
        towers.SettlePrior(popularity);
        var bestMetric = new PriorChoice(towers, popularity, validate, state.BestMetric).Make(_options);
        return new FittedTowers(towers, state.BestEpoch, bestMetric, pairs.Count);
    }

    // Epochs that an earlier process learned from are drawn once more, so that what follows is drawn as it would have been.
    private static void Skip(int epochs, BatchSampler sampler, TowerPair towers, CancellationToken cancellationToken)
    {
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            foreach (var _ in sampler.Epoch())
            {
                cancellationToken.ThrowIfCancellationRequested();
                towers.Users.SkipForward();
            }
        }
    }

    // Keeps the report, and the towers when they are the best so far; decides whether another epoch is worth it.
    private void Judge(FitProgress state, EpochReport report, TowerPair towers, double toBeat)
    {
        var epoch = report.Epoch;
        if (report.Validation is { } metric && metric > state.BestMetric * (1 + Indistinguishable))
        {
            (state.BestEpoch, state.BestMetric, state.Best) = (epoch, metric, TowerWeights.Copy(towers));
            report = report with { IsBest = true };
        }

        state.Reports.Add(report);
        if (report.Validation is { } reached)
        {
            var isOutOfReach = epoch >= EpochsBeforeGivingUp
                && reached + ((reached - state.MetricOf(epoch - EpochsOfPace)) * EpochsToCatchUp / EpochsOfPace) < toBeat;
            state.IsDone = isOutOfReach || epoch - state.BestEpoch >= _options.Patience;
        }
    }

    private static Interaction[] Positive(Dataset dataset, IReadOnlyList<Interaction> interactions) =>
        [.. interactions.Where(PositiveFeedback.Default.In(dataset))];

    private EpochReport RunEpoch(
        TowerPair towers,
        BatchSampler sampler,
        AdamOptimizer adam,
        AverageWeights average,
        (int Number, int Of) epoch,
        double decay,
        Action<EpochReport>? progress,
        CancellationToken cancellationToken)
    {
        var softmax = new SampledSoftmax(towers.Prior.Temperature, _options.Threads);
        var binary = new BinaryLoss(towers.Prior.Temperature);
        LossGradients Loss(float[] users, float[] columns, TrainingBatch batch) => _options.Loss == TrainingLoss.BinaryCrossEntropy
            ? binary.Of(users, columns, batch)
            : softmax.Of(users, columns, towers.Prior.Exponents, batch);
        var rate = _options.LearningRate * Math.Pow(decay, epoch.Number - 1);
        var started = Stopwatch.GetTimestamp();
        var (pairs, sum) = (0L, 0.0);
        EpochReport report = default;
        foreach (var batch in Ahead(sampler.Epoch()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += RunBatch(towers, batch, Loss) * batch.Count;
            adam.BeginStep((float)rate, (float)_options.WeightDecay);
            foreach (var table in towers.Items.Tables)
            {
                adam.Update(table);
            }

            foreach (var weight in towers.Weights)
            {
                adam.Update(weight);
            }

            average.Add(adam.Step);
            pairs += batch.Count;
            report = new EpochReport(
                epoch.Number, epoch.Of, (double)pairs / sampler.PairsPerEpoch, sum / pairs, pairs / Stopwatch.GetElapsedTime(started).TotalSeconds);
            progress?.Invoke(report);
        }

        return report;
    }

    private static double RunBatch(TowerPair towers, TrainingBatch batch, Func<float[], float[], TrainingBatch, LossGradients> loss)
    {
        var vectors = towers.Items.Forward(batch.Items, batch.WithoutId); // [U, D]
        var users = towers.Users.Forward(vectors, batch.Histories, isTraining: true); // [B, D]
        var gradients = loss(users, Rows(vectors, batch.Columns, towers.Items.Dimensions), batch);
        var byVectors = towers.Users.Backward(gradients.Users);
        AddRows(byVectors, batch.Columns, gradients.Columns, towers.Items.Dimensions);
        towers.Items.Backward(batch.Items, batch.WithoutId, byVectors);
        return gradients.Value;
    }

    private static float[] Rows(float[] vectors, int[] rows, int dimensions)
    {
        var taken = new float[rows.Length * dimensions];
        for (var row = 0; row < rows.Length; row++)
        {
            vectors.AsSpan(rows[row] * dimensions, dimensions).CopyTo(taken.AsSpan(row * dimensions));
        }

        return taken;
    }

    private static void AddRows(float[] sums, int[] rows, float[] parts, int dimensions)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            var sum = sums.AsSpan(rows[row] * dimensions, dimensions);
            TensorPrimitives.Add(sum, parts.AsSpan(row * dimensions, dimensions), sum);
        }
    }

    // The next batch is made while this one is learned from.
    private static IEnumerable<TrainingBatch> Ahead(IEnumerable<TrainingBatch> batches)
    {
        using var made = batches.GetEnumerator();
        TrainingBatch? Next() => made.MoveNext() ? made.Current : null;
        var next = Task.Run(Next);
        try
        {
            while (next.GetAwaiter().GetResult() is { } batch)
            {
                next = Task.Run(Next);
                yield return batch;
            }
        }
        finally
        {
            // A batch under way must end before its sampler may be used again.
            ((IAsyncResult)next).AsyncWaitHandle.WaitOne();
        }
    }
}
