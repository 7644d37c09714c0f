using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>One question to a scorer: given this history, which items come next?</summary>
/// <remarks>A class, not a record: two cases are never the same case, so scorers may use one as a key.</remarks>
public sealed class EvaluationCase
{
    /// <summary>Place in the data set's users.</summary>
    public required int User { get; init; }

    /// <summary>The user's interactions before the targets, oldest first; may be empty.</summary>
    public required ReadOnlyMemory<Interaction> History { get; init; }

    /// <summary>Item numbers to be found, none twice, in the order of their first interaction.</summary>
    public required IReadOnlyList<int> Targets { get; init; }

    /// <summary>The moment of the question: nothing later is known. Unix milliseconds.</summary>
    public long AskedAt { get; init; }

    /// <summary>
    /// When the user comes for the list, Unix milliseconds: the hour, the weekday and the ages that a ranker reads. Not before <see cref="AskedAt"/>, which it
    /// is where nothing else is said.
    /// </summary>
    public long RequestedAt
    {
        get => Math.Max(field, AskedAt);
        init;
    }
}
