using Microsoft.Extensions.Hosting;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Api.Hosting;

/// <summary>Runs the consumer of the feedback log as long as the server runs.</summary>
internal sealed class FeedbackReading(IFeedbackConsumer consumer) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => consumer.RunAsync(stoppingToken);
}
