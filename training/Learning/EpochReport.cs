namespace ServerlessRec.Training.Learning;

/// <summary>Where a training run stands.</summary>
/// <param name="Epoch">The running epoch, from 1.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="Done">Share of this epoch that is done.</param>
/// <param name="Loss">Mean loss of the epoch so far.</param>
/// <param name="PairsPerSecond">Throughput of the epoch so far.</param>
/// <param name="Validation">NDCG@10 on validation after the epoch; null inside an epoch and without validation.</param>
/// <param name="IsBest">True: the best epoch so far.</param>
/// <param name="IsLast">True: an epoch of a training without validation is done.</param>
public readonly record struct EpochReport(
    int Epoch, int Epochs, double Done, double Loss, double PairsPerSecond, double? Validation = null, bool IsBest = false, bool IsLast = false);
