using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Pipeline;

/// <summary>The validation cases that an epoch is judged by: enough for a standard error below half a percent, few enough for large sets.</summary>
internal static class ValidationSample
{
    private const int MostCases = 5000;

    public static IReadOnlyList<EvaluationCase> Of(IReadOnlyList<EvaluationCase> cases, int seed)
    {
        if (cases.Count <= MostCases)
        {
            return cases;
        }

        var drawn = cases.ToArray();
        new Random(seed).Shuffle(drawn);
        return drawn[..MostCases];
    }
}
