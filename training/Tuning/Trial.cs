using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Tuning;

/// <summary>Options that were tried.</summary>
/// <param name="Number">From 0: the options as they were given.</param>
/// <param name="Metric">NDCG@10 on validation.</param>
/// <param name="Epoch">The best one.</param>
/// <param name="Seconds">What it took.</param>
/// <param name="Options">The options.</param>
internal sealed record Trial(int Number, double Metric, int Epoch, double Seconds, TrainingOptions Options);
