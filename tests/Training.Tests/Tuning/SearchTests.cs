using Microsoft.Extensions.Time.Testing;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Pipeline;
using ServerlessRec.Training.Tests.Learning;
using ServerlessRec.Training.Tuning;
using Spectre.Console;

namespace ServerlessRec.Training.Tests.Tuning;

public sealed class SearchTests : IDisposable
{
    private static readonly TrainingOptions Given = TinyWorld.Options with { Epochs = 1, Threads = 1 };

    private readonly string _folder = Directory.CreateTempSubdirectory("tuning-").FullName;

    [Fact]
    public void A_search_that_is_ended_and_begun_again_takes_the_steps_of_one_that_was_not()
    {
        var whole = Run(Path.Combine(_folder, "whole"), trials: 4);
        var parts = Path.Combine(_folder, "parts");
        Run(parts, trials: 2);
        File.AppendAllText(Path.Combine(parts, "trials.jsonl"), "{\"number\":2,\"met"); // a kill in the middle of a line
        var resumed = Run(parts, trials: 4);
        Assert.Equal(whole.Select(trial => (trial.Number, trial.Metric, Text(trial))), resumed.Select(trial => (trial.Number, trial.Metric, Text(trial))));
        Assert.Equal(4, resumed.Select(Text).Distinct().Count());
        Assert.Equal("as given", Text(resumed[0]));
    }

    [Fact]
    public void The_best_trial_is_left_as_a_train_json()
    {
        var trials = Run(_folder, trials: 3);
        var best = TrainingFile.Read(Path.Combine(_folder, "train.json"));
        Assert.Equal(SearchSpace.Difference(Given, trials.MaxBy(trial => trial.Metric)!.Options), SearchSpace.Difference(Given, best));
        best.Validate();
    }

    [Fact]
    public void A_search_does_not_go_on_with_other_data_or_options()
    {
        _ = new TrialLog(_folder, "a", Given);
        Assert.Throws<InvalidDataException>(() => new TrialLog(_folder, "b", Given));
        Assert.Throws<InvalidDataException>(() => new TrialLog(_folder, "a", Given with { Seed = 2 }));
    }

    [Fact]
    public void Everything_that_can_be_drawn_is_in_range()
    {
        var random = new Random(1);
        var options = Given;
        for (var step = 0; step < 300; step++)
        {
            var next = SearchSpace.Near(options, random);
            next.Validate();
            Assert.Equal(Given.Shape.Dimensions, next.Shape.Dimensions);
            options = next;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The clock is moved on by each trial, so that the time is up after so many.
    private static IReadOnlyList<Trial> Run(string folder, int trials)
    {
        var clock = new FakeTimeProvider();
        var log = new TrialLog(folder, "tiny", Given);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(new Counting(clock)) });
        return new Search(Given, log, new TrainingConsole(console, clock), clock)
            .Run(EvaluationProtocol.LeaveOneOut.Split(TinyWorld.Make()), TimeSpan.FromMinutes(trials - log.Trials.Count), TestContext.Current.CancellationToken);
    }

    private static string Text(Trial trial) => SearchSpace.Difference(Given, trial.Options);

    /// <summary>A minute passes with each trial that is announced after the first line of this run.</summary>
    private sealed class Counting(FakeTimeProvider clock) : StringWriter
    {
        private int _announced;

        public override void Write(string? value)
        {
            base.Write(value);
            if (value?.Contains("Trial ", StringComparison.Ordinal) == true && _announced++ > 0)
            {
                clock.Advance(TimeSpan.FromMinutes(1));
            }
        }
    }
}
