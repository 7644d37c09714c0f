using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Producer;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Embedded.Feedback;

namespace ServerlessRec.EventHubsEndpoint.Tests;

/// <summary>A door on a log in a folder of its own, with Microsoft's clients at it.</summary>
internal sealed class OpenDoor : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverlessrec-door-").FullName;

    private OpenDoor(int partitions)
    {
        Log = PartitionedFeedbackLog.Open(_folder, new FeedbackLogOptions { Partitions = partitions }, TimeProvider.System);
        Door = EventHubsDoor.Open(Log, new EndpointOptions { Port = 0 }, TimeProvider.System, NullLogger<EventHubsDoor>.Instance);
    }

    public PartitionedFeedbackLog Log { get; }

    public EventHubsDoor Door { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static OpenDoor New(int partitions = 2) => new(partitions);

    public EventHubProducerClient Producer(string hub = "feedback") => new(Door.ConnectionString, hub, new EventHubProducerClientOptions
    {
        RetryOptions = new EventHubsRetryOptions { MaximumRetries = 1, TryTimeout = TimeSpan.FromSeconds(10) },
    });

    public PartitionReceiver Receiver(int partition, EventPosition from, long? ownerLevel = null, string group = "tests") => new(
        group, $"{partition}", from, Door.ConnectionString, "feedback", new PartitionReceiverOptions
        {
            OwnerLevel = ownerLevel,
            TrackLastEnqueuedEventProperties = true,
            RetryOptions = new EventHubsRetryOptions { MaximumRetries = 0, TryTimeout = TimeSpan.FromSeconds(10) },
        });

    /// <summary>Sends texts to a partition, one batch.</summary>
    public async Task SendAsync(int partition, params string[] bodies)
    {
        await using var producer = Producer();
        await producer.SendAsync(bodies.Select(body => new EventData(body)), new SendEventOptions { PartitionId = $"{partition}" }, Cancel);
    }

    /// <summary>The next events that a receiver gets, as many as asked.</summary>
    public static async Task<List<EventData>> ReceiveAsync(PartitionReceiver receiver, int count)
    {
        var events = new List<EventData>();
        while (events.Count < count)
        {
            events.AddRange(await receiver.ReceiveBatchAsync(count - events.Count, TimeSpan.FromSeconds(1), Cancel));
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await Door.DisposeAsync();
        await Log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
