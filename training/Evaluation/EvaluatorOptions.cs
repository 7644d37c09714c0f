namespace ServerlessRec.Training.Evaluation;

/// <summary>How cases are ranked and measured.</summary>
public sealed record EvaluatorOptions
{
    /// <summary>List lengths to measure at; each 1–1000.</summary>
    public IReadOnlyList<int> Ks { get; init; } = [10, 20];

    /// <summary>
    /// True: items of a case's history are not ranked, and targets among them do not count; a case without another target is skipped.
    /// False for data where repeats are what is wanted, such as groceries.
    /// </summary>
    public bool ExcludeSeen { get; init; } = true;

    /// <summary>Threads; 0: all cores. The figures do not depend on it.</summary>
    public int Threads { get; init; }

    internal void Validate()
    {
        if (Ks.Count == 0 || Ks.Any(k => k is < 1 or > 1000))
        {
            throw new ArgumentOutOfRangeException(nameof(Ks), "Each k must be between 1 and 1000, and there must be one.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
    }
}
