namespace ServerlessRec.Worker.Events;

/// <summary>What the host tells of the partition a batch comes from.</summary>
/// <param name="PartitionId">Its id, a number.</param>
public sealed record HubPartition(string PartitionId);
