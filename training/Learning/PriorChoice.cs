using System.Diagnostics;

namespace ServerlessRec.Training.Learning;

/// <summary>
/// Settles what popularity counts in trained towers. Popularity moves between training and asking, so how far it is to be trusted, and which
/// half-life of it, is measured where it is asked: on validation, which lies as far behind what was learned from as questions do.
/// </summary>
internal sealed class PriorChoice(TowerPair towers, PopularityTimeline popularity, TowerValidation? validate, double bestMetric)
{
    private const int Passes = 2;
    private const float MostShift = 0.4f;

    private static readonly double[] TasteWeights = [0.35, 0.5, 0.7, 1.4, 2, 2.8, 4];
    private static readonly float[] Shifts = [-0.4f, -0.2f, 0.2f, 0.4f];

    /// <summary>Settles the prior by the options, and where they leave it open by validation; returns the metric.</summary>
    public double Make(TrainingOptions options)
    {
        towers.SettlePrior(popularity);
        var weight = options.TasteWeight ?? 1;
        float[] shifts = options.PriorShifts is { } given ? [.. given] : new float[PopularityTimeline.Features];
        if (validate is not null && (options.TasteWeight is null || options.PriorShifts is null))
        {
            bestMetric = validate.Measure(towers);
            weight = options.TasteWeight ?? ChooseWeight(shifts);

            // Without times the figures are all the same, and their weight is taste's.
            shifts = options.PriorShifts is null && popularity.IsTimed ? ChooseShifts(weight, shifts, options.TimeToChoose / 4) : shifts;
        }

        Set(weight, shifts);
        return bestMetric;
    }

    // What validation cannot tell apart is decided for popularity, of which more is known.
    private double ChooseWeight(float[] shifts)
    {
        List<(double Weight, double Metric)> tried = [(1, bestMetric)];
        foreach (var weight in TasteWeights)
        {
            tried.Add((weight, Measure(weight, shifts)));
        }

        bestMetric = tried.Max(one => one.Metric);
        return tried.Where(one => one.Metric >= bestMetric * (1 - TowerTrainer.Indistinguishable)).Min(one => one.Weight);
    }

    private float[] ChooseShifts(double weight, float[] shifts, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var reached = Measure(weight, shifts);
        for (var place = 0; place < Passes * shifts.Length && Stopwatch.GetElapsedTime(started) < time; place++)
        {
            var figure = place % shifts.Length;
            foreach (var shift in Shifts)
            {
                var tried = (float[])shifts.Clone();
                tried[figure] = Math.Clamp(tried[figure] + shift, -MostShift, MostShift);
                if (Measure(weight, tried) is var metric && metric > reached * (1 + TowerTrainer.Indistinguishable))
                {
                    (reached, shifts) = (metric, tried);
                }
            }
        }

        bestMetric = Math.Max(bestMetric, reached);
        return shifts;
    }

    private double Measure(double weight, float[] shifts)
    {
        Set(weight, shifts);
        return validate!.MeasurePrior(towers);
    }

    private void Set(double weight, float[] shifts)
    {
        (towers.Prior.TasteWeight, towers.Prior.Shifts) = (weight, shifts);
        towers.SettlePrior(popularity);
    }
}
