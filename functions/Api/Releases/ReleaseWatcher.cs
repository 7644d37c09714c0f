using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Api.Releases;

/// <summary>
/// Has the holder look at current.json and at the catalogue log in a fixed rhythm. Whatever a look stumbles over, a store that is away or a file
/// that is damaged, what serves goes on serving and the next look comes.
/// </summary>
public sealed partial class ReleaseWatcher(ReleaseHolder holder, TimeProvider clock, TimeSpan interval, ILogger<ReleaseWatcher> logger)
    : BackgroundService
{
    private string? _problem;
    private string? _lookedAt;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first load must not hold up the start: the server listens before it is through.
        await Task.Yield();
        using var timer = new PeriodicTimer(interval, clock);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await holder.RefreshAsync(stoppingToken) == RefreshOutcome.Unchanged)
            {
                // Not in the look that loads a release: the first requests need the processor then.
                holder.PrepareForNewItems(stoppingToken);
                ReturnMemoryOfTheLast();
            }

            await holder.FollowCatalogueAsync(stoppingToken);
            _problem = null;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The same failure comes back with every look; it is told once.
            if (_problem != exception.Message)
            {
                _problem = exception.Message;
                LogFailed(exception);
            }
        }
    }

    // What building and loading took lies free all over the allocator's arenas; left there it grows from release to release.
    private void ReturnMemoryOfTheLast()
    {
        if (holder.Manifest?.Id is { } serving && serving != _lookedAt)
        {
            _lookedAt = serving;
            NativeAllocator.ReturnFreed();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Releases and item changes could not be looked at, so new ones are not noticed; looking again and again.")]
    private partial void LogFailed(Exception exception);
}
