using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Api.Feedback;

/// <summary>Tries parked feedback again in a fixed rhythm; what fails stays parked until the next time.</summary>
public sealed partial class ReplayTimer(FeedbackProcessor processor, TimeProvider clock, TimeSpan interval, ILogger<ReplayTimer> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await processor.ReplayParkedAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Parked feedback could not be tried again; it stays parked.")]
    private partial void LogFailure(Exception exception);
}
