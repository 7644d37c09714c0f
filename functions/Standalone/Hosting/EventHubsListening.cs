using ServerlessRec.Api.Hosting;
using ServerlessRec.EventHubsEndpoint;
using ServerlessRec.Standalone.Settings;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>Opens the door for Event Hubs clients where the settings want it.</summary>
internal static partial class EventHubsListening
{
    /// <summary>The open door; null: none is wanted.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static EventHubsDoor? Open(StandaloneSettings settings, OpenStores stores, WebApplication app, TimeProvider clock)
    {
        if (settings.EventHubsPort is not { } port || stores.Log is not { } log)
        {
            return null;
        }

        var options = new EndpointOptions { Port = port, Hub = settings.Stores.EventHub };
        var door = EventHubsDoor.Open(log, options, clock, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<EventHubsDoor>());
        LogOpen(app.Logger, door.Hub, door.ConnectionString);
        return door;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Event Hubs clients reach the hub {Hub} at {ConnectionString}")]
    private static partial void LogOpen(ILogger logger, string hub, string connectionString);
}
