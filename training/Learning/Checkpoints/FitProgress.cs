namespace ServerlessRec.Training.Learning.Checkpoints;

/// <summary>How far the choice of an epoch has come, beside the towers themselves.</summary>
internal sealed class FitProgress
{
    /// <summary>What was reported at the end of each epoch.</summary>
    public List<EpochReport> Reports { get; init; } = [];

    /// <summary>Epochs that are done.</summary>
    public int Epoch => Reports.Count;

    /// <summary>True: no epoch follows.</summary>
    public bool IsDone { get; set; }

    public int BestEpoch { get; set; }

    public double BestMetric { get; set; } = double.NegativeInfinity;

    /// <summary>The towers of the best epoch; null: none was measured yet.</summary>
    public TowerWeights? Best { get; set; }

    /// <summary>Time that training and validation took, over all processes.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>The validation metric after an epoch, from 1.</summary>
    public double MetricOf(int epoch) => Reports[epoch - 1].Validation ?? double.NegativeInfinity;
}
