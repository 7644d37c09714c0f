namespace ServerlessRec.Training.Learning;

/// <summary>What a batch is judged by.</summary>
public enum TrainingLoss
{
    /// <summary>Softmax over the batch's targets and uniform negatives with logQ and the popularity prior: the default.</summary>
    SampledSoftmax,

    /// <summary>
    /// Binary cross-entropy with one uniformly drawn negative a pair: the textbook recipe (He et al. 2017, section 3), kept as a baseline.
    /// </summary>
    BinaryCrossEntropy,
}
