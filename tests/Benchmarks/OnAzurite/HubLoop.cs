using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Azure.Feedback;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.EventHubsEndpoint;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.OnAzurite;

/// <summary>
/// The live loop as it runs on Azure: Microsoft's producer, an endpoint of the hub's protocol on a durable log in a folder, Microsoft's
/// processor, the real towers, rows and archive on Azurite. All in this process but Azurite. Disposing stops it.
/// </summary>
internal sealed class HubLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PartitionedFeedbackLog _log;
    private readonly EventHubsDoor _door;
    private readonly EventHubFeedbackConsumer _consumer;
    private readonly Task _consuming;

    public HubLoop(AzuriteWorld world, string folder, UserVectorInference infer)
    {
        Rows = new ObservedUsers(world.Store.Users);
        Users = new ObservedUsers(new RecentUsers(Rows));
        Blobs = new ObservedBlobs(world.Store.Blobs);
        _log = PartitionedFeedbackLog.Open(Path.Combine(folder, "hub"), new FeedbackLogOptions(), TimeProvider.System);
        _door = EventHubsDoor.Open(_log, new EndpointOptions { Port = 0 }, TimeProvider.System, NullLogger<EventHubsDoor>.Instance);
        var settings = AzuriteWorld.SettingsOf(world.ConnectionString) with { EventHubs = _door.ConnectionString };
        Hub = EventHub.OpenLog(settings);
        var processor = new FeedbackProcessor(
            Users, infer, FeedbackFiles.Over(Blobs, TimeProvider.System), new FeedbackRetries(), TimeProvider.System, NullLogger<FeedbackProcessor>.Instance);
        _consumer = EventHub.OpenConsumer(settings, Blobs, processor, TimeProvider.System, NullLogger<EventHubFeedbackConsumer>.Instance);
        _consuming = _consumer.RunAsync(_stop.Token);
    }

    /// <summary>Where feedback goes in.</summary>
    public EventHubFeedbackLog Hub { get; }

    /// <summary>What the processor asks for.</summary>
    public ObservedUsers Users { get; }

    /// <summary>What goes to the table.</summary>
    public ObservedUsers Rows { get; }

    public ObservedBlobs Blobs { get; }

    /// <summary>Returns when so many events stand in the archive, which is behind their rows.</summary>
    public async Task WaitForAsync(long events, CancellationToken cancellationToken)
    {
        while (Blobs.Appends.Entries < events)
        {
            await Task.Delay(5, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await _stop.CancelAsync();
        await _consuming;
        await _consumer.DisposeAsync();
        await _door.DisposeAsync();
        await _log.DisposeAsync();
        _stop.Dispose();
    }
}
