namespace ServerlessRec.Training.Towers;

/// <summary>A user tower in training: histories of item vectors to user vectors of unit length.</summary>
/// <remarks>One batch at a time: <see cref="Backward"/> belongs to the last <see cref="Forward"/>.</remarks>
internal interface IUserTowerNetwork
{
    IReadOnlyList<Weight> Weights { get; }

    /// <summary>User vectors of a batch.</summary>
    /// <param name="vectors">Item vectors, row-major [U, D]; must not change before <see cref="Backward"/>.</param>
    /// <param name="batch">Histories of those items.</param>
    /// <param name="isTraining">True: what is dropped out at random in training is.</param>
    /// <returns>[P, D]: a row for each of the batch's <see cref="HistoryBatch.Asked"/> entries.</returns>
    float[] Forward(float[] vectors, HistoryBatch batch, bool isTraining);

    /// <summary>Draws what a training <see cref="Forward"/> would draw, and does nothing else: for batches that were learned from before.</summary>
    void SkipForward();

    /// <summary>Adds the weights' gradients to them.</summary>
    /// <param name="gradient">[P, D]: the loss by the user vectors.</param>
    /// <returns>[U, D]: the loss by the item vectors.</returns>
    float[] Backward(float[] gradient);
}
