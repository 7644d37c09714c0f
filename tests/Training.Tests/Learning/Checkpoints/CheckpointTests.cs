using Microsoft.Extensions.Time.Testing;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Learning.Checkpoints;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Learning.Checkpoints;

/// <summary>A training that is ended goes on from its last whole epoch, and ends where one that was never ended does.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int EndedIn = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverlessrec-checkpoints-");
    private readonly Dataset _dataset = TinyWorld.Make();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(UserTowerKind.Pooled)]
    [InlineData(UserTowerKind.Sequence)]
    public void An_ended_training_ends_with_the_towers_of_one_that_was_not(UserTowerKind kind)
    {
        var options = OptionsOf(kind);
        var whole = Fit(options, null, null);

        var epochs = new List<int>();
        Assert.Throws<OperationCanceledException>(() => Fit(options, Checkpoint(options), EndIn(EndedIn)));
        var resumed = Fit(options, Checkpoint(options), report => epochs.Add(report.Done < 1 ? report.Epoch : 0));

        Assert.Equal(whole.BestEpoch, resumed.BestEpoch);
        Assert.Equal(whole.BestMetric, resumed.BestMetric);
        Assert.Equal(whole.Towers.InferItems(), resumed.Towers.InferItems());
        Assert.Equal(Vectors(whole), Vectors(resumed));
        Assert.DoesNotContain(EndedIn - 1, epochs);
        Assert.Contains(EndedIn, epochs);
    }

    [Fact]
    public void A_finished_training_is_not_learned_again()
    {
        var options = OptionsOf(UserTowerKind.Pooled);
        var first = Fit(options, Checkpoint(options), null);
        var learned = 0;
        var again = Fit(options, Checkpoint(options), report => learned += report.Done < 1 ? 1 : 0);

        Assert.Equal(0, learned);
        Assert.Equal(first.Towers.InferItems(), again.Towers.InferItems());
    }

    [Fact]
    public void A_file_that_is_not_whole_counts_as_none()
    {
        var options = OptionsOf(UserTowerKind.Pooled);
        var whole = Fit(options, null, null);
        Assert.Throws<OperationCanceledException>(() => Fit(options, Checkpoint(options), EndIn(EndedIn)));
        var file = Assert.Single(_folder.GetFiles()).FullName;
        var good = File.ReadAllBytes(file);
        for (var at = 0; at < good.Length; at += good.Length / 20)
        {
            good[at] ^= 1;
            File.WriteAllBytes(file, good);
            var epochs = new List<int>();
            Assert.Throws<OperationCanceledException>(() => Fit(options, Checkpoint(options), report =>
            {
                epochs.Add(report.Epoch);
                throw new OperationCanceledException();
            }));
            Assert.Equal([1], epochs);
            good[at] ^= 1;
        }

        File.WriteAllBytes(file, good[..^1]);
        Assert.Equal(whole.Towers.InferItems(), Fit(options, Checkpoint(options), null).Towers.InferItems());
    }

    [Fact]
    public void A_folder_that_takes_no_file_costs_the_checkpoint_and_not_the_training()
    {
        var options = OptionsOf(UserTowerKind.Pooled);
        var whole = Fit(options, null, null);
        var checkpoint = new FitCheckpoint(Path.Combine(_folder.FullName, "gone", "x.checkpoint"));

        Assert.Equal(whole.Towers.InferItems(), Fit(options, checkpoint, null).Towers.InferItems());
        Assert.Contains("gone", checkpoint.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_options_other_data_and_other_validation_do_not_go_on_from_it()
    {
        var options = OptionsOf(UserTowerKind.Pooled);
        Assert.Throws<OperationCanceledException>(() => Fit(options, Checkpoint(options), EndIn(EndedIn)));
        var checkpoints = Open();

        Assert.True(checkpoints.Of(options, _dataset, _dataset.Interactions, true).Exists);
        Assert.False(checkpoints.Of(options with { Seed = 2 }, _dataset, _dataset.Interactions, true).Exists);
        Assert.False(checkpoints.Of(options, _dataset, [.. _dataset.Interactions.Skip(1)], true).Exists);
        Assert.False(checkpoints.Of(options, _dataset, _dataset.Interactions, false).Exists);
    }

    [Fact]
    public void Checkpoints_go_when_everything_is_done_or_after_a_week()
    {
        var options = OptionsOf(UserTowerKind.Pooled);
        var checkpoints = Open();
        Fit(options, checkpoints.Of(options, _dataset, _dataset.Interactions, true), null);
        checkpoints.Clear();
        Assert.Empty(_folder.GetFiles());

        Fit(options, Checkpoint(options), null);
        _ = new TrainingCheckpoints(_folder.FullName, new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(6)));
        Assert.Single(_folder.GetFiles());
        _ = new TrainingCheckpoints(_folder.FullName, new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(8)));
        Assert.Empty(_folder.GetFiles());
    }

    private static Action<EpochReport> EndIn(int epoch) => report =>
    {
        if (report.Epoch == epoch && report.Done < 1)
        {
            throw new OperationCanceledException();
        }
    };

    private static TrainingOptions OptionsOf(UserTowerKind kind) =>
        TinyWorld.Options with { Epochs = 7, Shape = TinyWorld.Options.Shape with { UserTower = kind } };

    private TrainingCheckpoints Open() => new(_folder.FullName, TimeProvider.System);

    private FitCheckpoint Checkpoint(TrainingOptions options) => Open().Of(options, _dataset, _dataset.Interactions, true);

    private float[] Vectors(FittedTowers fitted) => fitted.Towers.InferUsers(
        [.. Enumerable.Range(0, 9).Select(user => (ReadOnlyMemory<Interaction>)_dataset.Interactions.Where(one => one.User == user).ToArray())],
        fitted.Towers.InferItems());

    private FittedTowers Fit(TrainingOptions options, FitCheckpoint? checkpoint, Action<EpochReport>? progress)
    {
        // Rises, falls and rises again, by the towers themselves, so that the best epoch must come back too.
        static double Metric(TowerPair towers) => 1 + (0.5 * Math.Sin(1000 * towers.InferItems().Sum(number => (double)number)));
        return new TowerTrainer(options).Fit(
            _dataset,
            _dataset.Interactions,
            FeatureSpecs.For(_dataset, options.Shape),
            TrainingCatalogue.Of(_dataset, _dataset.Interactions),
            TowerValidation.Of(Metric),
            progress,
            TestContext.Current.CancellationToken,
            checkpoint: checkpoint);
    }
}
