using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>A data set cut into what a model may learn from and what it is asked.</summary>
public sealed record EvaluationSplit
{
    /// <summary>The whole data set; users and items keep their numbers.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>How it was cut, for tables and notes.</summary>
    public required string Protocol { get; init; }

    /// <summary>Interactions to learn from while settings and epochs are chosen, in the order of their timestamps.</summary>
    public required IReadOnlyList<Interaction> Train { get; init; }

    /// <summary>
    /// <see cref="Train"/> and the validation interactions: everything known before the test targets. Baselines, and models refitted
    /// with the chosen settings, learn from these before they answer <see cref="Test"/>.
    /// </summary>
    public required IReadOnlyList<Interaction> BeforeTest { get; init; }

    /// <summary>Cases to choose settings and epochs on.</summary>
    public required IReadOnlyList<EvaluationCase> Validation { get; init; }

    /// <summary>Cases for the reported figures only.</summary>
    public required IReadOnlyList<EvaluationCase> Test { get; init; }

    /// <summary>Whether the order of a history says something, so that models that read it are worth a try.</summary>
    public required bool IsOrdered { get; init; }
}
