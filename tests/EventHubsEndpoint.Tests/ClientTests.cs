using System.Text;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Producer;
using ServerlessRec.Embedded.Feedback;

namespace ServerlessRec.EventHubsEndpoint.Tests;

public sealed class ClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_producer_sends_is_in_the_log_and_comes_out_at_a_receiver()
    {
        await using var open = OpenDoor.New();
        var bodies = Enumerable.Range(0, 500).Select(i => $"event {i}").ToArray();
        await open.SendAsync(1, bodies);

        using var reader = open.Log.Read(1, open.Log.Begin);
        var logged = await reader.ReadAsync(1000, Cancel);
        Assert.Equal(bodies, logged.Select(raw => Encoding.UTF8.GetString(raw.Payload.Span)));

        await using var receiver = open.Receiver(1, EventPosition.Earliest);
        var received = await OpenDoor.ReceiveAsync(receiver, bodies.Length);
        Assert.Equal(bodies, received.Select(e => e.EventBody.ToString()));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), received.Select(e => e.SequenceNumber));
        Assert.Equal(received.Select(e => $"{e.SequenceNumber}"), received.Select(e => e.OffsetString));
        Assert.All(received, e => Assert.True(e.EnqueuedTime > DateTimeOffset.UtcNow.AddMinutes(-5)));
    }

    [Fact]
    public async Task A_partition_key_always_leads_to_one_partition_and_many_keys_to_all()
    {
        await using var open = OpenDoor.New(partitions: 4);
        await using var producer = open.Producer();
        for (var round = 0; round < 2; round++)
        {
            for (var user = 0; user < 40; user++)
            {
                await producer.SendAsync([new EventData($"u{user}"), new EventData($"u{user}")], new SendEventOptions { PartitionKey = $"u{user}" }, Cancel);
            }
        }

        var partitions = new Dictionary<string, HashSet<int>>();
        for (var partition = 0; partition < 4; partition++)
        {
            var count = (int)open.Log.RangeOf(partition).Next;
            Assert.True(count > 0);
            using var reader = open.Log.Read(partition, open.Log.Begin);
            for (var read = 0; read < count;)
            {
                foreach (var raw in await reader.ReadAsync(1000, Cancel))
                {
                    var user = Encoding.UTF8.GetString(raw.Payload.Span);
                    partitions.TryAdd(user, []);
                    partitions[user].Add(partition);
                    read++;
                }
            }
        }

        Assert.Equal(40, partitions.Count);
        Assert.All(partitions, user => Assert.Single(user.Value));
    }

    [Fact]
    public async Task A_client_is_told_what_hub_and_partitions_hold()
    {
        await using var open = OpenDoor.New(partitions: 3);
        await open.SendAsync(2, "a", "b");
        await using var producer = open.Producer();
        var hub = await producer.GetEventHubPropertiesAsync(Cancel);
        Assert.Equal("feedback", hub.Name);
        Assert.Equal(["0", "1", "2"], hub.PartitionIds);
        var empty = await producer.GetPartitionPropertiesAsync("0", Cancel);
        Assert.True(empty.IsEmpty);
        Assert.Equal(-1, empty.LastEnqueuedSequenceNumber);
        var full = await producer.GetPartitionPropertiesAsync("2", Cancel);
        Assert.False(full.IsEmpty);
        Assert.Equal((0, 1, "1"), (full.BeginningSequenceNumber, full.LastEnqueuedSequenceNumber, full.LastEnqueuedOffsetString));
    }

    [Fact]
    public async Task A_hub_that_does_not_exist_is_named_as_missing()
    {
        await using var open = OpenDoor.New();
        await using var producer = open.Producer("orders");
        var missing = await Assert.ThrowsAsync<EventHubsException>(async () => await producer.SendAsync([new EventData("x")], Cancel));
        Assert.Equal(EventHubsException.FailureReason.ResourceNotFound, missing.Reason);
    }

    [Fact]
    public async Task A_receiver_starts_where_it_says()
    {
        await using var open = OpenDoor.New();
        for (var i = 0; i < 5; i++)
        {
            await open.SendAsync(0, $"{i}");
        }

        await Starts(EventPosition.FromOffset("2", isInclusive: false), "3");
        await Starts(EventPosition.FromOffset("2", isInclusive: true), "2");
        await Starts(EventPosition.FromSequenceNumber(3, isInclusive: false), "4");
        await Starts(EventPosition.Earliest, "0");
        await using var receiver = open.Receiver(0, EventPosition.Earliest);
        var times = (await OpenDoor.ReceiveAsync(receiver, 5)).Select(e => e.EnqueuedTime).ToList();
        await Starts(EventPosition.FromEnqueuedTime(times[3].AddMilliseconds(-1)), $"{times.FindIndex(time => time > times[3].AddMilliseconds(-1))}");

        async Task Starts(EventPosition position, string expected)
        {
            await using var started = open.Receiver(0, position);
            Assert.Equal(expected, (await OpenDoor.ReceiveAsync(started, 1))[0].EventBody.ToString());
        }
    }

    [Fact]
    public async Task A_receiver_from_the_latest_event_on_gets_what_comes_afterwards()
    {
        await using var open = OpenDoor.New();
        await open.SendAsync(0, "before");
        await using var receiver = open.Receiver(0, EventPosition.Latest);
        Assert.Empty(await receiver.ReceiveBatchAsync(10, TimeSpan.FromMilliseconds(300), Cancel));
        await open.SendAsync(0, "after");
        Assert.Equal("after", (await OpenDoor.ReceiveAsync(receiver, 1))[0].EventBody.ToString());
        Assert.Equal(1, receiver.ReadLastEnqueuedEventProperties().SequenceNumber);
    }

    [Fact]
    public async Task The_higher_owner_level_takes_a_partition_and_the_lower_is_told()
    {
        await using var open = OpenDoor.New();
        await open.SendAsync(0, "a");
        await using var first = open.Receiver(0, EventPosition.Earliest, ownerLevel: 1);
        await OpenDoor.ReceiveAsync(first, 1);
        await using var second = open.Receiver(0, EventPosition.Earliest, ownerLevel: 2);
        await OpenDoor.ReceiveAsync(second, 1);

        var lost = await Assert.ThrowsAsync<EventHubsException>(async () =>
        {
            while (true)
            {
                await first.ReceiveBatchAsync(1, TimeSpan.FromMilliseconds(200), Cancel);
            }
        });
        Assert.Equal(EventHubsException.FailureReason.ConsumerDisconnected, lost.Reason);
        await using var other = open.Receiver(0, EventPosition.Earliest, ownerLevel: 0, group: "another-group");
        await OpenDoor.ReceiveAsync(other, 1);
    }

    [Fact]
    public async Task Events_that_are_not_text_come_out_as_they_went_in()
    {
        await using var open = OpenDoor.New();
        var bytes = new byte[100_000];
        new Random(5).NextBytes(bytes);
        await using var producer = open.Producer();
        await producer.SendAsync([new EventData(bytes), new EventData(Array.Empty<byte>())], new SendEventOptions { PartitionId = "0" }, Cancel);
        await using var receiver = open.Receiver(0, EventPosition.Earliest);
        var received = await OpenDoor.ReceiveAsync(receiver, 2);
        Assert.Equal(bytes, received[0].EventBody.ToArray());
        Assert.Empty(received[1].EventBody.ToArray());
    }

    [Fact]
    public async Task Two_doors_never_share_a_port()
    {
        await using var open = OpenDoor.New();
        Assert.Throws<IOException>(() => EventHubsDoor.Open(
            open.Log, new EndpointOptions { Port = open.Door.Port }, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<EventHubsDoor>.Instance));
    }

    [Fact]
    public async Task What_the_log_took_in_process_comes_out_at_the_door()
    {
        await using var open = OpenDoor.New();
        await open.Log.AppendAsync([new RawAppend(1, "in process"u8.ToArray())], Cancel);
        await using var receiver = open.Receiver(1, EventPosition.Earliest);
        Assert.Equal("in process", (await OpenDoor.ReceiveAsync(receiver, 1))[0].EventBody.ToString());
    }
}
