using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.EventHubsEndpoint.Publishing;

/// <summary>Chooses the partition that a message names by its key only, or not at all: a key always the same, no key each in turn. Thread-safe.</summary>
internal sealed class PartitionChoice(int partitions)
{
    private uint _turn;

    public int Of(string? key) => key is null
        ? (int)(Interlocked.Increment(ref _turn) % (uint)partitions)
        : UserPartition.Of(key, partitions);
}
