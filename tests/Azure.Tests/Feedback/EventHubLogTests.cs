using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Azure.Feedback;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Contracts.Feedback;
using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.EventHubsEndpoint;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Azure.Tests.Feedback;

/// <summary>The log's contract through Microsoft's clients.</summary>
public sealed class EventHubLogTests : FeedbackLogContract, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverlessrec-hub-").FullName;
    private readonly InMemoryBlobStore _checkpoints = new(TimeProvider.System);
    private readonly PartitionedFeedbackLog _log;
    private readonly EventHubsDoor _door;
    private readonly EventHubFeedbackLog _hub;

    public EventHubLogTests()
    {
        _log = PartitionedFeedbackLog.Open(_folder, new FeedbackLogOptions(), TimeProvider.System);
        _door = EventHubsDoor.Open(_log, new EndpointOptions { Port = 0 }, TimeProvider.System, NullLogger<EventHubsDoor>.Instance);
        _hub = EventHub.OpenLog(Settings);
    }

    protected override IFeedbackLog Log => _hub;

    private StoreSettings Settings => new()
    {
        Address = StoreAddress.Parse("UseDevelopmentStorage=true"),
        EventHubs = _door.ConnectionString,
    };

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _door.DisposeAsync();
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    protected override IFeedbackConsumer OpenConsumer(FeedbackProcessor processor) =>
        EventHub.OpenConsumer(Settings, _checkpoints, processor, TimeProvider.System, NullLogger<EventHubFeedbackConsumer>.Instance);
}
