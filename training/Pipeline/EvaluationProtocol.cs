using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Pipeline;

/// <summary>How a data set is cut for evaluation.</summary>
internal enum EvaluationProtocol
{
    /// <summary>One moment cuts everything: <see cref="TimeSplit"/>.</summary>
    Time,

    /// <summary>Each user's last interaction: <see cref="LeaveOneOutSplit"/>.</summary>
    LeaveOneOut,
}

internal static class EvaluationProtocols
{
    private const int FewestNewInteractions = 200;

    /// <summary>Cuts a data set; only positive feedback is asked for.</summary>
    /// <param name="protocol">How.</param>
    /// <param name="dataset">What.</param>
    /// <param name="knownUntil">
    /// A time split's test begins behind this moment when enough has come since: then a release that learned up to it can be compared.
    /// </param>
    /// <exception cref="InvalidDataException">The data is too small for the protocol.</exception>
    public static EvaluationSplit Split(this EvaluationProtocol protocol, Dataset dataset, DateTimeOffset? knownUntil = null)
    {
        var isTarget = PositiveFeedback.Default.In(dataset);
        try
        {
            return protocol == EvaluationProtocol.Time
                ? TimeSplit.Split(dataset, new TimeSplitOptions { IsTarget = isTarget, TestAt = TestAt(dataset, knownUntil) })
                : LeaveOneOutSplit.Split(dataset, new LeaveOneOutOptions { IsTarget = isTarget });
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static long? TestAt(Dataset dataset, DateTimeOffset? knownUntil)
    {
        if (knownUntil is not { } moment)
        {
            return null;
        }

        var first = moment.ToUnixTimeMilliseconds() + 1;
        var since = dataset.Interactions.Count(interaction => interaction.UnixMilliseconds >= first);
        return since >= FewestNewInteractions && since < dataset.Interactions.Count / 2 ? first : null;
    }
}
