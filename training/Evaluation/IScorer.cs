namespace ServerlessRec.Training.Evaluation;

/// <summary>Scores every item of the data set for one case: a trained model or a baseline.</summary>
/// <remarks>The evaluator calls <see cref="Score"/> from several threads at once; implementations hold no mutable state without care.</remarks>
public interface IScorer
{
    /// <summary>Name in tables, such as "popularity".</summary>
    string Name { get; }

    /// <summary>Fills one score per item of the data set, by item number; greater is better. −∞ means never; NaN is refused.</summary>
    /// <param name="evaluationCase">The user and everything known before the targets.</param>
    /// <param name="scores">As long as the data set has items; its content on entry is undefined.</param>
    void Score(EvaluationCase evaluationCase, Span<float> scores);
}
