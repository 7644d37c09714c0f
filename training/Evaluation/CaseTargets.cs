using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

internal static class CaseTargets
{
    /// <summary>The distinct items of interactions that count as targets, in the order of their first one.</summary>
    public static List<int> Distinct(ReadOnlySpan<Interaction> interactions, Func<Interaction, bool>? isTarget)
    {
        var targets = new List<int>();
        var seen = new HashSet<int>();
        foreach (var interaction in interactions)
        {
            if ((isTarget is null || isTarget(interaction)) && seen.Add(interaction.Item))
            {
                targets.Add(interaction.Item);
            }
        }

        return targets;
    }
}
