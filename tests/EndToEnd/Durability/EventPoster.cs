using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Durability;

/// <summary>Posts events in batches to a server that may die at any moment, and sends each batch again until it is acknowledged.</summary>
internal sealed class EventPoster(KilledServer server, int users, int eventsOfUser, IReadOnlyList<string> items)
{
    private const int BatchSize = 20;
    private const int Senders = 4;

    /// <summary>So many of the allowed events may wait for a sender that has a larger batch.</summary>
    public const int Margin = Senders * BatchSize;

    private readonly ConcurrentQueue<(int User, int Event)[]> _waiting = new(
        Enumerable.Range(0, users * eventsOfUser).Select(i => (i % users, i / users)).Chunk(BatchSize));

    private long _sent;
    private long _allowed;
    private long _acknowledged;
    private long _failed;

    /// <summary>Events that the server said it has.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Events that may be sent by now; senders wait for more.</summary>
    public void Allow(long events) => Interlocked.Exchange(ref _allowed, events);

    /// <summary>Batches that got no answer or 503, and were sent again.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    public static string UserId(int user) => string.Create(CultureInfo.InvariantCulture, $"killed-{user:D3}");

    /// <summary>The item of a user's event: another one for each.</summary>
    public string ItemId(int user, int number) => items[((user * 7) + number) % items.Count];

    /// <summary>Sends until everything is acknowledged.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(cancellationToken)));

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        while (_waiting.TryDequeue(out var batch))
        {
            var last = Interlocked.Add(ref _sent, batch.Length);
            while (last > Interlocked.Read(ref _allowed))
            {
                await Task.Delay(5, cancellationToken);
            }

            while (!await TrySendAsync(client, batch, cancellationToken))
            {
                Interlocked.Increment(ref _failed);
                await Task.Delay(5, cancellationToken);
            }

            Interlocked.Add(ref _acknowledged, batch.Length);
        }
    }

    private async Task<bool> TrySendAsync(HttpClient client, (int User, int Event)[] batch, CancellationToken cancellationToken)
    {
        if (server.Address is not { } address)
        {
            return false;
        }

        using var content = new StringContent($"[{string.Join(',', batch.Select(one => Json(one.User, one.Event)))}]", Encoding.UTF8, "application/json");
        try
        {
            using var answer = await client.PostAsync(new Uri(address, "/api/feedback"), content, cancellationToken);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private string Json(int user, int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"FeedbackType":"click","UserId":"{{UserId(user)}}","ItemId":"{{ItemId(user, number)}}","EventId":"e-{{user}}-{{number}}"}""");
}
