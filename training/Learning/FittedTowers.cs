namespace ServerlessRec.Training.Learning;

/// <summary>What a training run gave.</summary>
/// <param name="Towers">The towers of the best epoch.</param>
/// <param name="BestEpoch">From 1; the last one without validation.</param>
/// <param name="BestMetric">The validation metric of that epoch; −∞ without validation.</param>
/// <param name="Pairs">Pairs in an epoch.</param>
internal sealed record FittedTowers(TowerPair Towers, int BestEpoch, double BestMetric, int Pairs)
{
    /// <summary>What taste counts beside popularity, as validation prefers it.</summary>
    public double TasteWeight => Towers.Prior.TasteWeight;

    /// <summary>What was added to the learned exponents of the popularity prior, as validation prefers it.</summary>
    public IReadOnlyList<float> PriorShifts => Towers.Prior.Shifts;
}
