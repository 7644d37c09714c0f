using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ServerlessRec.EventHubsEndpoint.Listening;

/// <summary>Work that a protocol callback begins and cannot wait for; disposing waits for all of it. Thread-safe.</summary>
internal sealed partial class OwnedTasks(ILogger logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, Task> _running = new();
    private long _last;

    /// <summary>Runs it to its end; a fault is logged.</summary>
    public void Run(Func<Task> work)
    {
        var id = Interlocked.Increment(ref _last);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[id] = WatchAsync(id, work, begun.Task);
        begun.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        while (!_running.IsEmpty)
        {
            await Task.WhenAll(_running.Values).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(long id, Func<Task> work, Task begun)
    {
        try
        {
            // The work starts here, in the order of its calls; only the removal waits until the task is listed.
            var running = work();
            await begun.ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The link was closed.
        }
        catch (Exception fault)
        {
            LogFault(fault);
        }

        _running.TryRemove(id, out _);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A link of the event hubs endpoint failed; its client opens another")]
    private partial void LogFault(Exception fault);
}
