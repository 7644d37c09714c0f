using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;

namespace ServerlessRec.EndToEnd.Durability;

/// <summary>Sends feedback with Microsoft's client, a user a batch, and now and then an event that nobody can apply.</summary>
internal sealed class HubProducer(EventHubProducerClient client, int users, int eventsOfUser)
{
    private const int BatchSize = 10;
    private const int Senders = 4;

    // One bad event on so many batches.
    private const int BatchesABadEvent = 50;

    private readonly ConcurrentQueue<(int User, int First)> _waiting = new(
        Enumerable.Range(0, eventsOfUser / BatchSize).SelectMany(part => Enumerable.Range(0, users).Select(user => (user, part * BatchSize))));

    private long _sent;
    private long _allowed;
    private long _acknowledged;

    /// <summary>Events that the hub said it has, the bad ones not counted.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>So many of the allowed events may wait for a sender.</summary>
    public static int Margin => Senders * BatchSize;

    /// <summary>The bad events, each another one.</summary>
    public ConcurrentBag<string> Bad { get; } = [];

    public static string UserId(int user) => string.Create(CultureInfo.InvariantCulture, $"hub-{user:D4}");

    public static string ItemId(int user, int number) => string.Create(CultureInfo.InvariantCulture, $"item-{((user * 7) + number) % 997}");

    /// <summary>Events that may be sent by now; senders wait for more.</summary>
    public void Allow(long events) => Interlocked.Exchange(ref _allowed, events);

    /// <summary>Sends until everything is acknowledged.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(cancellationToken)));

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryDequeue(out var part))
        {
            var last = Interlocked.Add(ref _sent, BatchSize);
            while (last > Interlocked.Read(ref _allowed))
            {
                await Task.Delay(5, cancellationToken);
            }

            var events = Enumerable.Range(part.First, BatchSize).Select(number => new EventData(Json(part.User, number))).ToList();
            if (last / BatchSize % BatchesABadEvent == 0)
            {
                var bad = string.Create(CultureInfo.InvariantCulture, $"bad {last}");
                events.Insert(BatchSize / 2, new EventData(bad));
                Bad.Add(bad);
            }

            await client.SendAsync(events, new SendEventOptions { PartitionKey = UserId(part.User) }, cancellationToken);
            Interlocked.Add(ref _acknowledged, BatchSize);
        }
    }

    private static byte[] Json(int user, int number) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"FeedbackType":"click","UserId":"{{UserId(user)}}","ItemId":"{{ItemId(user, number)}}","EventId":"h-{{user}}-{{number}}"}"""));
}
