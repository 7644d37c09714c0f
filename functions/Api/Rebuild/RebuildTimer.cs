using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessRec.Api.Rebuild;

/// <summary>Rebuilds in a fixed rhythm; a rebuild that fails is tried again the next time, and what serves goes on serving.</summary>
public sealed partial class RebuildTimer(ScheduledRebuild rebuild, TimeProvider clock, TimeSpan interval, ILogger<RebuildTimer> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await rebuild.RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The rebuild failed; the release that serves goes on serving.")]
    private partial void LogFailure(Exception exception);
}
