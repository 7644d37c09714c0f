namespace ServerlessRec.Training.Towers;

/// <summary>The user towers there are.</summary>
public enum UserTowerKind
{
    /// <summary>Weighted means of the history: quick, and all that an order-free history can use.</summary>
    Pooled,

    /// <summary>A causal transformer over the history: ahead where the order tells what comes next.</summary>
    Sequence,
}
