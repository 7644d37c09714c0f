using System.Collections.Concurrent;
using System.Diagnostics;
using ServerlessRec.Benchmarks.OnAzurite;
using ServerlessRec.Benchmarks.Stream;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Benchmarks.Lag;

/// <summary>How long one event took through the hub, from the call that sends it.</summary>
/// <param name="ToDurable">Until the hub had it.</param>
/// <param name="ToHandler">Until the processor had it in hand.</param>
/// <param name="ToApplied">Until the user's row was written: what is read from then on has the event in it.</param>
internal readonly record struct HubEvent(TimeSpan ToDurable, TimeSpan ToHandler, TimeSpan ToApplied);

/// <summary>Single events of users in turn, at a fixed rate whatever they take. No user has two on the way.</summary>
internal sealed class HubLag(LagSettings settings, HubLoop loop, string[] items)
{
    // The first seconds run code that is not compiled yet; what queued up then is gone after ten, and is told apart.
    private const int WarmUpSeconds = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Flight> _flights = new();

    /// <summary>The longest that an event of the warm-up took.</summary>
    public TimeSpan LongestAtTheStart { get; private set; }

    public async Task<List<HubEvent>> RunAsync(CancellationToken cancellationToken)
    {
        loop.Users.Delivered = users =>
        {
            foreach (var user in users)
            {
                if (_flights.TryGetValue(user, out var flight))
                {
                    flight.Delivered = Stopwatch.GetTimestamp();
                }
            }
        };
        loop.Users.Applied = user =>
        {
            if (_flights.TryRemove(user, out var flight))
            {
                flight.Applied.TrySetResult(Stopwatch.GetTimestamp());
            }
        };
        var (measured, atTheStart) = (new ConcurrentBag<HubEvent>(), new ConcurrentBag<HubEvent>());
        var running = new List<Task>();
        var clock = Stopwatch.StartNew();
        var warmUp = WarmUpSeconds * settings.Rate;
        for (var number = 0; number < warmUp + (settings.Seconds * settings.Rate); number++)
        {
            var due = TimeSpan.FromSeconds((double)number / settings.Rate);
            while (clock.Elapsed < due)
            {
                await Task.Delay(1, cancellationToken);
            }

            var (user, item, isMeasured) = (FeedbackStream.UserId(number % settings.Users), items[number * 31 % items.Length], number >= warmUp);
            running.Add(Task.Run(
                async () =>
                {
                    var taken = await SendAsync(user, item, cancellationToken);
                    (isMeasured ? measured : atTheStart).Add(taken);
                },
                cancellationToken));
        }

        await Task.WhenAll(running);
        LongestAtTheStart = atTheStart.Max(taken => taken.ToApplied);
        return [.. measured];
    }

    private async Task<HubEvent> SendAsync(string user, string item, CancellationToken cancellationToken)
    {
        var flight = new Flight();
        if (!_flights.TryAdd(user, flight))
        {
            throw new InvalidOperationException($"The loop cannot keep up with {settings.Rate} events a second: {settings.Users} are on the way.");
        }

        var begun = Stopwatch.GetTimestamp();
        var now = TimeProvider.System.GetUtcNow();
        await loop.Hub.AppendAsync([new FeedbackEvent { UserId = user, ItemId = item, FeedbackType = "click", Timestamp = now }], cancellationToken);
        var durable = Stopwatch.GetTimestamp();
        var applied = await flight.Applied.Task.WaitAsync(Patience, cancellationToken);
        return new HubEvent(
            Stopwatch.GetElapsedTime(begun, durable), Stopwatch.GetElapsedTime(begun, flight.Delivered), Stopwatch.GetElapsedTime(begun, applied));
    }

    private sealed class Flight
    {
        public TaskCompletionSource<long> Applied { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Delivered { get; set; }
    }
}
