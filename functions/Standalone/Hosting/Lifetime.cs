using ServerlessRec.Azure.Settings;
using ServerlessRec.Standalone.Settings;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>Runs the application until SIGTERM or Ctrl-C; requests in flight are finished.</summary>
internal static partial class Lifetime
{
    /// <summary>Starts, says where it listens and who may call, and returns when it has stopped.</summary>
    public static async Task UntilStoppedAsync(WebApplication app, StandaloneSettings settings, CancellationToken cancellationToken)
    {
        await app.StartAsync(cancellationToken);
        var who = settings.Keys.IsEmpty ? "no API keys are set, so only this machine may call" : "callers need an API key";
        LogListening(app.Logger, string.Join(", ", app.Urls), settings.Stores.Address, who);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {Urls} over the store {Store}; {Who}.")]
    private static partial void LogListening(ILogger logger, string urls, StoreAddress store, string who);
}
