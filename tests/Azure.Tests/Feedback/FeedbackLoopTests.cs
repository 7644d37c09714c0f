using System.Text;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Azure.Feedback;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.EventHubsEndpoint;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Azure.Tests.Feedback;

/// <summary>Feedback through Microsoft's Event Hubs clients into rows and archive on Azurite.</summary>
public sealed class FeedbackLoopTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const int Partitions = 4;
    private const int Users = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("serverlessrec-hub-").FullName;
    private readonly StoreSettings _store = azurite.NewStore();
    private PartitionedFeedbackLog _log = null!;
    private EventHubsDoor _door = null!;
    private AzureStore _azure = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private StoreSettings Settings => _store with { EventHubs = _door.ConnectionString };

    public async ValueTask InitializeAsync()
    {
        _log = PartitionedFeedbackLog.Open(_folder, new FeedbackLogOptions { Partitions = Partitions }, TimeProvider.System);
        _door = EventHubsDoor.Open(_log, new EndpointOptions { Port = 0 }, TimeProvider.System, NullLogger<EventHubsDoor>.Instance);
        _azure = await AzureStore.OpenAsync(_store, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_event_is_applied_once_by_consumers_that_share_and_take_over_and_bad_ones_become_dead_letters()
    {
        await using var hub = EventHub.OpenLog(Settings);
        var sent = Enumerable.Range(0, 400).Select(Event).ToList();
        await using var first = Consumer.Start(this);
        await hub.AppendAsync(sent[..200], Cancel);
        await using var producer = new EventHubProducerClient(_door.ConnectionString, "feedback");
        await producer.SendAsync([new EventData("no feedback"), new EventData("{}")], new SendEventOptions { PartitionKey = "u1" }, Cancel);
        await Until(async () => await AppliedAsync() >= 200);

        // A second process joins, the first one leaves, and what it read goes on to the second.
        await using var second = Consumer.Start(this);
        await hub.AppendAsync(sent[200..300], Cancel);
        await first.StopAsync();
        await hub.AppendAsync(sent[300..], Cancel);

        // Sent again, as by a caller that saw no answer.
        await hub.AppendAsync(sent[..50], Cancel);
        await Until(async () => await AppliedAsync() >= 400);
        await Task.Delay(500, Cancel);
        Assert.Equal(400, await AppliedAsync());
        Assert.Equal(2, await DeadLettersAsync());
    }

    [Fact]
    public async Task A_consumer_that_starts_again_goes_on_behind_its_checkpoint()
    {
        await using var hub = EventHub.OpenLog(Settings);
        await hub.AppendAsync([.. Enumerable.Range(0, 100).Select(Event)], Cancel);
        await using (var first = Consumer.Start(this))
        {
            await Until(async () => await AppliedAsync() >= 100);
            await Until(CheckpointsAreWritten);
            await first.StopAsync();
            Assert.Equal(100, first.Events);
        }

        await hub.AppendAsync([.. Enumerable.Range(100, 100).Select(Event)], Cancel);
        await using var second = Consumer.Start(this);
        await Until(async () => await AppliedAsync() >= 200 && second.Events >= 100);
        Assert.Equal(100, second.Events);
    }

    [Fact]
    public async Task A_hub_that_is_away_is_told_and_nothing_is_dropped_silently()
    {
        await using var hub = EventHub.OpenLog(Settings);
        await _door.DisposeAsync();
        await Assert.ThrowsAsync<FeedbackLogException>(async () => await hub.AppendAsync([Event(1)], Cancel));
    }

    private static FeedbackEvent Event(int number) => new()
    {
        UserId = $"u{number % Users}",
        ItemId = $"i{number}",
        FeedbackType = "click",
        Timestamp = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(number),
        EventId = $"e{number}",
    };

    private static async Task Until(Func<Task<bool>> isReached)
    {
        while (!await isReached())
        {
            await Task.Delay(50, Cancel);
        }
    }

    private async Task<int> AppliedAsync()
    {
        var users = await _azure.Users.ReadManyAsync([.. Enumerable.Range(0, Users).Select(user => $"u{user}")], Cancel);
        return users.Sum(user => user?.State.History.Count ?? 0);
    }

    private async Task<int> DeadLettersAsync()
    {
        var count = 0;
        await foreach (var letter in new DeadLetters(_azure.Blobs).ListAsync(Cancel))
        {
            Assert.Contains(Encoding.UTF8.GetString(letter.Raw.Payload.Span), new[] { "no feedback", "{}" });
            count++;
        }

        return count;
    }

    // Each partition's checkpoint names its last event.
    private async Task<bool> CheckpointsAreWritten()
    {
        var done = 0;
        await foreach (var blob in _azure.Blobs.ListAsync("consumers/", Cancel))
        {
            if (blob.Path.Contains("/checkpoints/", StringComparison.Ordinal) && await _azure.Blobs.ReadAsync(blob.Path, Cancel) is { } kept)
            {
                var partition = int.Parse(blob.Path[(blob.Path.LastIndexOf('/') + 1)..]);
                done += Encoding.UTF8.GetString(kept.Bytes.Span).StartsWith($"{_log.RangeOf(partition).Next - 1}\n", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        return done == Enumerable.Range(0, Partitions).Count(partition => _log.RangeOf(partition).Next > 0);
    }

    /// <summary>A consumer as a process of its own would have it.</summary>
    private sealed class Consumer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly EventHubFeedbackConsumer _consumer;
        private readonly CountedBlobs _blobs;
        private readonly Task _running;

        private Consumer(FeedbackLoopTests tests)
        {
            _blobs = new CountedBlobs(tests._azure.Blobs);
            var processor = new FeedbackProcessor(
                tests._azure.Users,
                (_, _) => null,
                FeedbackFiles.Over(tests._azure.Blobs, TimeProvider.System) with { Archive = new FeedbackArchive(_blobs) },
                new FeedbackRetries(),
                TimeProvider.System,
                NullLogger<FeedbackProcessor>.Instance);
            _consumer = EventHub.OpenConsumer(
                tests.Settings, tests._azure.Blobs, processor, TimeProvider.System, NullLogger<EventHubFeedbackConsumer>.Instance);
            _running = _consumer.RunAsync(_stop.Token);
        }

        /// <summary>Events that this consumer got.</summary>
        public int Events => _blobs.Lines;

        public static Consumer Start(FeedbackLoopTests tests) => new(tests);

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await _consumer.DisposeAsync();
            _stop.Dispose();
        }
    }
}
