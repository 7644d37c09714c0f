using System.Collections.Concurrent;
using System.Diagnostics;
using ServerlessRec.Benchmarks.Stream;

namespace ServerlessRec.Benchmarks.Lag;

/// <summary>How long one click took.</summary>
/// <param name="ToDurable">Until the log had it.</param>
/// <param name="ToChangedList">Until an answer came without the clicked item.</param>
internal readonly record struct Click(TimeSpan ToDurable, TimeSpan ToChangedList);

/// <summary>
/// Users who click the first item of their list, at a fixed rate whatever the answers take, and ask again until it is gone: the list is
/// made from the state with the click, because what a user has seen is left out.
/// </summary>
internal sealed class ClickLoad(LagSettings settings, LiveDoor door)
{
    private const int WarmUpSeconds = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public async Task<List<Click>> RunAsync(CancellationToken cancellationToken)
    {
        var measured = new ConcurrentBag<Click>();
        var running = new List<Task>();
        var clock = Stopwatch.StartNew();
        var total = (WarmUpSeconds + settings.Seconds) * settings.Rate;
        for (var number = 0; number < total; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / settings.Rate);
            while (clock.Elapsed < due)
            {
                await Task.Delay(Pause, cancellationToken);
            }

            var isMeasured = number >= WarmUpSeconds * settings.Rate;
            var user = FeedbackStream.UserId(number * 7919 % settings.Users);
            running.Add(Task.Run(
                async () =>
                {
                    var click = await ClickAsync(user, cancellationToken);
                    if (isMeasured)
                    {
                        measured.Add(click);
                    }
                },
                cancellationToken));
        }

        await Task.WhenAll(running);
        return [.. measured];
    }

    private async Task<Click> ClickAsync(string user, CancellationToken cancellationToken)
    {
        var clicked = (await door.List(user, cancellationToken))[0];
        var start = Stopwatch.GetTimestamp();
        await door.Click(user, clicked, cancellationToken);
        var durable = Stopwatch.GetElapsedTime(start);
        for (var asked = 0; ; asked++)
        {
            if (!(await door.List(user, cancellationToken)).Contains(clicked))
            {
                return new Click(durable, Stopwatch.GetElapsedTime(start));
            }

            // Asking ever more often than the machine can answer would measure the asking.
            await Task.Delay(asked < 20 ? Pause : 10 * Pause, cancellationToken);
        }
    }
}
