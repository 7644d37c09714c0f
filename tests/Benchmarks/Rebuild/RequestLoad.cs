using System.Collections.Concurrent;
using System.Diagnostics;
using ServerlessRec.Benchmarks.Stream;

namespace ServerlessRec.Benchmarks.Rebuild;

/// <summary>Requests at a fixed rate, whatever the answers take, until it is stopped. Times run from when a request was due.</summary>
internal sealed class RequestLoad(RebuildSettings settings, Func<string, Task<int>> ask)
{
    private readonly ConcurrentBag<(TimeSpan Due, double Milliseconds)> _answered = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _failed;
    private string? _failure;

    public TimeSpan Now => _clock.Elapsed;

    public int Answered => _answered.Count;

    public int Failed => _failed;

    public string? Failure => _failure;

    public async Task RunAsync(CancellationToken stop)
    {
        var running = new List<Task>();
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / settings.Rate);
            while (_clock.Elapsed < due)
            {
                await Task.Delay(1, CancellationToken.None);
            }

            var user = FeedbackStream.UserId(number * 7919 % settings.Users);
            running.Add(Task.Run(() => AskAsync(user, due), CancellationToken.None));
        }

        await Task.WhenAll(running);
    }

    /// <summary>The time below which 99 % (or another share) of the requests that were due in a window lie.</summary>
    public double At(double share, TimeSpan from, TimeSpan to)
    {
        var times = _answered.Where(a => a.Due >= from && a.Due < to).Select(a => a.Milliseconds).Order().ToArray();
        return times.Length == 0 ? double.NaN : times[(int)Math.Min(times.Length - 1, share * times.Length)];
    }

    private async Task AskAsync(string user, TimeSpan due)
    {
        try
        {
            var items = await ask(user);
            if (items == 10)
            {
                _answered.Add((due, (_clock.Elapsed - due).TotalMilliseconds));
                return;
            }

            _failure = $"{items} items instead of 10";
        }
        catch (Exception e)
        {
            _failure = e.Message;
        }

        Interlocked.Increment(ref _failed);
    }
}
