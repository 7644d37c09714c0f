using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Ranking;

/// <summary>When users first chose the targets of their cases.</summary>
internal sealed class ChoiceTimes
{
    private readonly Dictionary<(int User, int Item), long> _times = [];

    public ChoiceTimes(Dataset dataset, IReadOnlyList<EvaluationCase> cases)
    {
        var earliest = new Dictionary<int, long>();
        foreach (var asked in cases)
        {
            earliest[asked.User] = Math.Min(asked.AskedAt, earliest.GetValueOrDefault(asked.User, long.MaxValue));
        }

        foreach (var interaction in dataset.Interactions)
        {
            if (earliest.TryGetValue(interaction.User, out var from) && interaction.UnixMilliseconds >= from)
            {
                _times.TryAdd((interaction.User, interaction.Item), interaction.UnixMilliseconds);
            }
        }
    }

    /// <summary>Unix milliseconds; the moment of the request where the data set does not say.</summary>
    public long Of(EvaluationCase asked, int item) => _times.GetValueOrDefault((asked.User, item), asked.RequestedAt);
}
