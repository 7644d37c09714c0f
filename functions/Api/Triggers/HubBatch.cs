using System.Text;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Api.Triggers;

/// <summary>A batch as an event hub trigger hands it over: one partition, four arrays of one length.</summary>
/// <param name="Partition">The partition's id, a number.</param>
/// <param name="Events">Bodies as text; what was no UTF-8 holds U+FFFD.</param>
/// <param name="Sequences">Sequence number of each event.</param>
/// <param name="EnqueuedAt">When the hub took each event.</param>
public sealed record HubBatch(string Partition, IReadOnlyList<string> Events, IReadOnlyList<long> Sequences, IReadOnlyList<DateTimeOffset> EnqueuedAt)
{
    /// <summary>The events with their places, for the processor.</summary>
    /// <exception cref="FormatException">The host's arrays do not fit together, so that no event's place is known.</exception>
    public IReadOnlyList<RawFeedback> ToFeedback()
    {
        if (!int.TryParse(Partition, out var partition) || Sequences.Count != Events.Count || EnqueuedAt.Count != Events.Count)
        {
            throw new FormatException(
                $"The host handed over {Events.Count} events, {Sequences.Count} sequence numbers and {EnqueuedAt.Count} times of partition '{Partition}'.");
        }

        var feedback = new RawFeedback[Events.Count];
        for (var i = 0; i < feedback.Length; i++)
        {
            feedback[i] = new RawFeedback(partition, Sequences[i], EnqueuedAt[i], Encoding.UTF8.GetBytes(Events[i]));
        }

        return feedback;
    }
}
