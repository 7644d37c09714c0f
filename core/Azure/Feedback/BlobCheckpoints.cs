using System.Globalization;
using System.Text;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Processor;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Azure.Feedback;

/// <summary>
/// Where the consumers of a hub keep who reads which partition, and how far each is: small blobs below
/// `consumers/{namespace}/{hub}/{group}/`. Claims are conditional writes, so of two that want a partition one gets it.
/// </summary>
internal sealed class BlobCheckpoints(IBlobStore blobs, TimeProvider clock) : CheckpointStore
{
    /// <summary>Where they lie; a backup leaves it out.</summary>
    public const string Prefix = "consumers/";

    /// <inheritdoc/>
    public override async Task<IEnumerable<EventProcessorPartitionOwnership>> ListOwnershipAsync(
        string fullyQualifiedNamespace, string eventHubName, string consumerGroup, CancellationToken cancellationToken)
    {
        var folder = Folder(fullyQualifiedNamespace, eventHubName, consumerGroup) + "owners/";
        var owners = new List<EventProcessorPartitionOwnership>();
        await foreach (var blob in blobs.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (await blobs.ReadAsync(blob.Path, cancellationToken).ConfigureAwait(false) is { } owner)
            {
                owners.Add(new EventProcessorPartitionOwnership
                {
                    FullyQualifiedNamespace = fullyQualifiedNamespace,
                    EventHubName = eventHubName,
                    ConsumerGroup = consumerGroup,
                    OwnerIdentifier = Encoding.UTF8.GetString(owner.Bytes.Span),
                    PartitionId = blob.Path[folder.Length..],
                    LastModifiedTime = blob.LastModified,
                    Version = owner.ETag,
                });
            }
        }

        return owners;
    }

    /// <inheritdoc/>
    public override async Task<IEnumerable<EventProcessorPartitionOwnership>> ClaimOwnershipAsync(
        IEnumerable<EventProcessorPartitionOwnership> desiredOwnership, CancellationToken cancellationToken)
    {
        var claimed = new List<EventProcessorPartitionOwnership>();
        foreach (var wanted in desiredOwnership)
        {
            var path = $"{Folder(wanted.FullyQualifiedNamespace, wanted.EventHubName, wanted.ConsumerGroup)}owners/{wanted.PartitionId}";
            var condition = wanted.Version is null ? WriteCondition.MustNotExist : WriteCondition.Matches(wanted.Version);
            using var owner = new MemoryStream(Encoding.UTF8.GetBytes(wanted.OwnerIdentifier), writable: false);
            try
            {
                wanted.Version = await blobs.WriteAsync(path, owner, condition, cancellationToken).ConfigureAwait(false);
                wanted.LastModifiedTime = clock.GetUtcNow();
                claimed.Add(wanted);
            }
            catch (BlobPreconditionException)
            {
                // Another consumer was first.
            }
        }

        return claimed;
    }

    /// <inheritdoc/>
    public override async Task<EventProcessorCheckpoint?> GetCheckpointAsync(
        string fullyQualifiedNamespace, string eventHubName, string consumerGroup, string partitionId, CancellationToken cancellationToken)
    {
        var path = CheckpointPath(fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId);
        if (await blobs.ReadAsync(path, cancellationToken).ConfigureAwait(false) is not { } kept)
        {
            return null;
        }

        // Two lines: the offset, which the service counts in, and the sequence number, for people.
        var offset = Encoding.UTF8.GetString(kept.Bytes.Span).Split('\n')[0];
        return new EventProcessorCheckpoint
        {
            FullyQualifiedNamespace = fullyQualifiedNamespace,
            EventHubName = eventHubName,
            ConsumerGroup = consumerGroup,
            PartitionId = partitionId,
            StartingPosition = EventPosition.FromOffset(offset, isInclusive: false),
        };
    }

    /// <inheritdoc/>
    public override async Task UpdateCheckpointAsync(
        string fullyQualifiedNamespace,
        string eventHubName,
        string consumerGroup,
        string partitionId,
        string clientIdentifier,
        CheckpointPosition startingPosition,
        CancellationToken cancellationToken)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{startingPosition.OffsetString}\n{startingPosition.SequenceNumber}\n");
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false);
        await blobs.WriteAsync(CheckpointPath(fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId), content, WriteCondition.None, cancellationToken)
            .ConfigureAwait(false);
    }

    private static string Folder(string hubs, string hub, string group) => $"{Prefix}{hubs}/{hub}/{group}/".ToLowerInvariant();

    private static string CheckpointPath(string hubs, string hub, string group, string partition) => Folder(hubs, hub, group) + "checkpoints/" + partition;
}
