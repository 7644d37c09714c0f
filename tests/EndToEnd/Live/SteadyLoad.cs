using System.Globalization;
using System.Text;

namespace ServerlessRec.EndToEnd.Live;

/// <summary>Events and requests at a steady rate, until it is disposed.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int Senders = 8;

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client;
    private readonly IReadOnlyList<string> _users;
    private readonly IReadOnlyList<string> _items;
    private readonly TimeSpan _pause;
    private readonly Task _running;
    private int _done;
    private int _failed;

    /// <summary>Begins: <paramref name="rate"/> events a second and as many requests.</summary>
    public SteadyLoad(Uri address, IReadOnlyList<string> users, IReadOnlyList<string> items, int rate)
    {
        _client = new HttpClient { BaseAddress = address };
        (_users, _items) = (users, items);
        _pause = TimeSpan.FromSeconds((double)Senders / rate);
        _running = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => RunAsync(new Random(sender)))));
    }

    /// <summary>Events and requests that were answered.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Those that were answered with anything but 200.</summary>
    public int Failed => Volatile.Read(ref _failed);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Random random)
    {
        using var timer = new PeriodicTimer(_pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var user = _users[random.Next(_users.Count)];
                using var content = new StringContent(
                    string.Create(CultureInfo.InvariantCulture, $$"""[{"FeedbackType":"click","UserId":"{{user}}","ItemId":"{{_items[random.Next(_items.Count)]}}"}]"""),
                    Encoding.UTF8,
                    "application/json");
                Count(await _client.PostAsync("/api/feedback", content, _stop.Token));
                Count(await _client.GetAsync($"/api/recommend/{user}", _stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private void Count(HttpResponseMessage answer)
    {
        using (answer)
        {
            Interlocked.Increment(ref _done);
            if (!answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }
}
