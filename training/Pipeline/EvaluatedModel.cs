using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Pipeline;

/// <summary>A measured model.</summary>
/// <param name="Report">Its figures beside the baselines'.</param>
/// <param name="Model">The towers that have learned everything before the test targets.</param>
internal sealed record EvaluatedModel(EvaluationReport Report, FittedTowers Model);
