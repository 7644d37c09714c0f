using System.Text.Json.Serialization;

namespace ServerlessRec.Recommender.Feedback.Parking;

/// <summary>What is under way; one that is found by a process that did not write it was left by a death.</summary>
/// <param name="First">The batch's first event.</param>
/// <param name="Last">Its last event of the same partition.</param>
/// <param name="Begins">How often the batch was begun as a whole.</param>
/// <param name="Alone">The event that is tried alone; null: the batch as a whole is.</param>
/// <param name="Deaths">Events that processes died of while they tried them alone, once for each death.</param>
/// <param name="Life">The process that wrote it; null: it is left for the next one, and nobody is at work.</param>
internal sealed record SuspectMark(
    EventPlace First, EventPlace Last, int Begins, EventPlace? Alone, IReadOnlyList<EventPlace> Deaths, Guid? Life = null)
{
    /// <summary>The mark of a batch that is begun.</summary>
    public static SuspectMark Of(IReadOnlyList<RawFeedback> batch)
    {
        var first = EventPlace.Of(batch[0]);
        var last = first;
        foreach (var raw in batch)
        {
            last = raw.Partition == first.Partition && raw.Sequence > last.Sequence ? EventPlace.Of(raw) : last;
        }

        return new SuspectMark(first, last, 0, null, []);
    }

    /// <summary>
    /// The mark as a process finds it. What another one had under way killed it; what this one had did not, it only failed, and the mark could
    /// not be taken back.
    /// </summary>
    public SuspectMark FoundBy(Guid life) =>
        Life == life ? this with { Begins = Alone is null ? Math.Max(0, Begins - 1) : Begins, Alone = null, Life = null }
        : Alone is { } alone ? this with { Alone = null, Deaths = [.. Deaths, alone], Life = null }
        : this with { Life = null };

    /// <summary>Whether a batch holds events of this one; after a restart batches need not have the same ends.</summary>
    public bool Concerns(IReadOnlyList<RawFeedback> batch)
    {
        foreach (var raw in batch)
        {
            if (raw.Partition == First.Partition && raw.Sequence >= First.Sequence && raw.Sequence <= Last.Sequence)
            {
                return true;
            }
        }

        return false;
    }
}

[JsonSerializable(typeof(SuspectMark))]
internal sealed partial class SuspectJson : JsonSerializerContext;
