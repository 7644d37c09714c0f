using System.Net;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.Settings;

namespace ServerlessRec.Standalone.Settings;

/// <summary>Makes the settings from the command line and the environment, and says which one is wrong.</summary>
public static class SettingsReader
{
    private const string Prefix = EnvironmentSettings.Prefix;
    private const string HandlerPort = "FUNCTIONS_CUSTOMHANDLER_PORT";

    /// <summary>The validated settings.</summary>
    /// <param name="store">--store; null when not given.</param>
    /// <param name="eventHubs">--eventhubs; null when not given.</param>
    /// <param name="feedbackFolder">--feedback-folder; null when not given.</param>
    /// <param name="eventHubsPort">--eventhubs-port; null when not given.</param>
    /// <param name="port">--port; null when not given.</param>
    /// <param name="urls">--urls; null when not given.</param>
    /// <param name="jsonLogs">--json-logs.</param>
    /// <param name="environment">Value of an environment variable; null when it is not set.</param>
    /// <exception cref="SettingsException">A value is wrong; the message names it.</exception>
    public static StandaloneSettings Read(
        string? store, string? eventHubs, string? feedbackFolder, int? eventHubsPort, int? port, string? urls, bool jsonLogs, Func<string, string?> environment)
    {
        var values = new EnvironmentSettings(environment);
        var keys = values.Keys();
        var settings = new StandaloneSettings
        {
            Stores = values.Store(store, eventHubs, feedbackFolder),
            EventHubsPort = ReadEventHubsPort(eventHubsPort, values),
            Urls = ReadUrls(port, urls, environment, values, keys),
            IsCustomHandler = environment(HandlerPort) is not null,
            Keys = keys,
            ReleasePoll = values.ReleasePoll(),
            RebuildInterval = TimeSpan.FromMinutes(values.Number("REBUILD_MINUTES", 60, 0, 10_080)),
            ReplayInterval = TimeSpan.FromSeconds(values.Number("REPLAY_SECONDS", 60, 0, 86_400)),
            StopTimeout = TimeSpan.FromSeconds(values.Number("STOP_TIMEOUT_SECONDS", 20, 0, 600)),
            Limits = values.Limits(),
            CorsOrigins = ReadOrigins(values),
            LogLevel = ReadLogLevel(values),
            JsonLogs = jsonLogs || values.Flag("JSON_LOGS"),
        };
        return settings.EventHubsPort is null || settings.Stores.EventHubs is null
            ? settings
            : throw new SettingsException("--eventhubs-port opens a door to this machine's feedback log, but --eventhubs sends feedback elsewhere; give one of them.");
    }

    private static int? ReadEventHubsPort(int? port, EnvironmentSettings values)
    {
        var value = port ?? (values.Text("EVENTHUBS_PORT") is null ? null : (int?)values.Number("EVENTHUBS_PORT", 0, 0, 65535));
        return value is null or (>= 0 and <= 65535) ? value : throw new SettingsException($"--eventhubs-port must be 0 to 65535; it is {value}.");
    }

    private static List<string> ReadOrigins(EnvironmentSettings values)
    {
        var origins = (values.Text("CORS_ORIGINS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        return origins.TrueForAll(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == origin)
            ? origins
            : throw new SettingsException($"{Prefix}CORS_ORIGINS must hold origins such as https://shop.example, with commas between them.");
    }

    private static LogLevel ReadLogLevel(EnvironmentSettings values)
    {
        var text = values.Text("LOG_LEVEL");
        return string.IsNullOrWhiteSpace(text) ? LogLevel.Information
            : Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) ? level
            : throw new SettingsException($"{Prefix}LOG_LEVEL must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}; it is '{text}'.");
    }

    private static List<string> ReadUrls(int? port, string? urls, Func<string, string?> environment, EnvironmentSettings values, ApiKeys keys)
    {
        if (port is not null && urls is not null)
        {
            throw new SettingsException("--port and --urls were both given; give one of them.");
        }

        var functionsPort = environment(HandlerPort);
        var text = urls
            ?? (port is null ? functionsPort is null ? environment("ASPNETCORE_URLS") : $"http://127.0.0.1:{functionsPort}" : null)
            ?? $"http://127.0.0.1:{Port(port, values)}";
        var list = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        foreach (var url in list)
        {
            if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
                || uri.Scheme != Uri.UriSchemeHttp)
            {
                throw new SettingsException($"'{url}' is not an address such as http://127.0.0.1:7071.");
            }

            if (keys.IsEmpty && !IsLoopback(uri.Host))
            {
                throw new SettingsException(
                    $"{url} is open to other machines, but no API keys are set. Set {Prefix}READ_KEYS, {Prefix}WRITE_KEYS and {Prefix}ADMIN_KEYS, or listen on 127.0.0.1.");
            }
        }

        return list;
    }

    private static int Port(int? port, EnvironmentSettings values)
    {
        var value = port ?? values.Number("PORT", StandaloneSettings.DefaultPort, 0, 65535);
        return value is >= 0 and <= 65535 ? (int)value : throw new SettingsException($"The port must be 0 to 65535; it is {value}.");
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
