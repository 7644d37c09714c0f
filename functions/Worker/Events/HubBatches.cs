using ServerlessRec.Api.Triggers;

namespace ServerlessRec.Worker.Events;

/// <summary>Puts together what the worker binds piece by piece.</summary>
internal static class HubBatches
{
    /// <summary>The batch; times without a zone are UTC.</summary>
    public static HubBatch Of(string[] events, long[] sequences, DateTime[] enqueued, HubPartition partition) =>
        new(partition.PartitionId, events, sequences, Array.ConvertAll(enqueued, time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))));
}
