using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Pipeline;

/// <summary>How a tower's choice of an epoch went.</summary>
/// <param name="Tower">For people.</param>
/// <param name="Epochs">The last report of each epoch.</param>
internal sealed record TrainingCurve(string Tower, IReadOnlyList<EpochReport> Epochs);
