using Azure.Messaging.EventHubs.Producer;
using Microsoft.Extensions.Logging;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Azure.Feedback;

/// <summary>The event hub of the settings: its two ends.</summary>
public static class EventHub
{
    /// <summary>The end that feedback goes in at. It connects with the first append; whoever opened it disposes it.</summary>
    /// <exception cref="FormatException">The settings name no namespace, or their connection string cannot be used.</exception>
    public static EventHubFeedbackLog OpenLog(StoreSettings settings)
    {
        var options = new EventHubProducerClientOptions { RetryOptions = EventHubLimits.Retries };
        var hubs = NamespaceOf(settings);
        return new EventHubFeedbackLog(Checked(() => IsConnectionString(hubs)
            ? new EventHubProducerClient(hubs, settings.EventHub, options)
            : new EventHubProducerClient(hubs, settings.EventHub, SignIn.For(settings), options)));
    }

    /// <summary>The end that it comes out at, for processes without a Functions host.</summary>
    /// <exception cref="FormatException">The settings name no namespace, or their connection string cannot be used.</exception>
    public static EventHubFeedbackConsumer OpenConsumer(
        StoreSettings settings, IBlobStore blobs, FeedbackProcessor processor, TimeProvider clock, ILogger<EventHubFeedbackConsumer> logger)
    {
        var hubs = NamespaceOf(settings);
        var checkpoints = new BlobCheckpoints(blobs, clock);
        return Checked(() => IsConnectionString(hubs)
            ? new EventHubFeedbackConsumer(checkpoints, settings, hubs, processor, clock, logger)
            : new EventHubFeedbackConsumer(checkpoints, settings, hubs, SignIn.For(settings), processor, clock, logger));
    }

    private static bool IsConnectionString(string hubs) => hubs.Contains("Endpoint=", StringComparison.OrdinalIgnoreCase);

    private static string NamespaceOf(StoreSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.EventHubs ?? throw new FormatException("The settings name no Event Hubs namespace.");
    }

    private static T Checked<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (ArgumentException)
        {
            throw new FormatException(
                "The Event Hubs namespace must be a host name, such as NAME.servicebus.windows.net, or a connection string with Endpoint and key.");
        }
    }
}
