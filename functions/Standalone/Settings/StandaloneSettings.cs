using ServerlessRec.Api;
using ServerlessRec.Api.Keys;
using ServerlessRec.Azure.Settings;

namespace ServerlessRec.Standalone.Settings;

/// <summary>Everything that can be set: command line before environment before default.</summary>
public sealed record StandaloneSettings
{
    /// <summary>The port when nothing else is said.</summary>
    public const int DefaultPort = 7071;

    /// <summary>Which stores it works on.</summary>
    public required StoreSettings Stores { get; init; }

    /// <summary>Addresses to listen on, such as `http://127.0.0.1:7071`; port 0 takes a free one.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>A Functions host started this process and calls its functions.</summary>
    public bool IsCustomHandler { get; init; }

    /// <summary>Port on 127.0.0.1 at which Event Hubs clients reach this machine's feedback log; 0 takes a free one, null: they do not.</summary>
    public int? EventHubsPort { get; init; }

    /// <summary>The API's keys.</summary>
    public ApiKeys Keys { get; init; } = ApiKeys.None;

    /// <summary>How often current.json is looked at.</summary>
    public TimeSpan ReleasePoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the release is rebuilt from item changes and feedback; zero: only on demand.</summary>
    public TimeSpan RebuildInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often parked feedback is tried again; zero: never, which is right where another process does.</summary>
    public TimeSpan ReplayInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a stop waits for requests in flight.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What one request may cost.</summary>
    public ApiLimits Limits { get; init; } = new();

    /// <summary>Origins whose pages may call, such as `https://shop.example`; none: only the page that this server serves.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>The least severe entries that are logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Logs as one JSON object a line.</summary>
    public bool JsonLogs { get; init; }
}
