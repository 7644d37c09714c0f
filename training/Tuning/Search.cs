using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Pipeline;

namespace ServerlessRec.Training.Tuning;

/// <summary>
/// Searches for better options in a given time: random steps from the best so far, judged on validation alone. A trial's draw depends on its number
/// and on the trials before it only, so a search that goes on takes the same steps as one that was never ended.
/// </summary>
internal sealed class Search(TrainingOptions given, TrialLog log, TrainingConsole console, TimeProvider clock)
{
    /// <summary>Runs trials until the time is up; the one under way then is given up, unless it is the first. Returns the trials, old ones too.</summary>
    public IReadOnlyList<Trial> Run(EvaluationSplit split, TimeSpan time, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(time, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        while (log.Trials.Count == 0 || !end.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var number = log.Trials.Count;
            var options = log.Best is { } best ? SearchSpace.Near(best.Options, new Random(HashCode(given.Seed, number))) : given;
            console.Say($"Trial {number}: {SearchSpace.Difference(given, options)}.");
            try
            {
                log.Add(Try(number, options, split, number == 0 ? cancellationToken : stop.Token));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        return log.Trials;
    }

    private Trial Try(int number, TrainingOptions options, EvaluationSplit split, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var fitted = new ModelEvaluation(options, console).Choose(split, cancellationToken);
        return new Trial(number, fitted.BestMetric, fitted.BestEpoch, Math.Round(clock.GetElapsedTime(started).TotalSeconds, 1), options);
    }

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int number) => unchecked((seed * 397) ^ (number * 7919));
}
