using Microsoft.Extensions.Logging.Console;
using ServerlessRec.Standalone.Settings;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>Logs to the console, one line an entry. The framework's own request lines hold paths, and so user ids: they stay out.</summary>
internal static class Logs
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    /// <summary>Applies the settings.</summary>
    public static void Configure(ILoggingBuilder logging, StandaloneSettings settings)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.LogLevel);
        logging.AddFilter("Microsoft", settings.LogLevel > LogLevel.Warning ? settings.LogLevel : LogLevel.Warning);
        if (settings.JsonLogs)
        {
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = TimeFormat.Trim();
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = TimeFormat;
                console.ColorBehavior = LoggerColorBehavior.Default;
            });
        }
    }
}
