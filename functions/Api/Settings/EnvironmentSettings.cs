using System.Globalization;
using ServerlessRec.Api.Keys;
using ServerlessRec.Azure.Settings;

namespace ServerlessRec.Api.Settings;

/// <summary>Reads settings that every door has from the environment, and says which one is wrong. Immutable; any thread.</summary>
/// <param name="environment">Value of an environment variable; null when it is not set.</param>
public sealed class EnvironmentSettings(Func<string, string?> environment)
{
    /// <summary>What every name begins with.</summary>
    public const string Prefix = "SERVERLESSREC_";

    private const int MaxRetentionHours = 24 * 90;

    /// <summary>A text; null when not set.</summary>
    public string? Text(string name) => environment(Prefix + name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>Whether it is `1` or `true`.</summary>
    public bool Flag(string name) => Text(name) is "1" or "true";

    /// <summary>A number in a range; <paramref name="fallback"/> when not set.</summary>
    /// <exception cref="SettingsException">It is no number, or out of range.</exception>
    public double Number(string name, double fallback, double min, double max)
    {
        if (Text(name) is not { } text)
        {
            return fallback;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new SettingsException($"{Prefix}{name} must be a number from {min} to {max}; it is '{text}'.");
    }

    /// <summary>Which stores: STORE, CONTAINER, USERS_TABLE, EVENTHUBS, EVENTHUB, CONSUMER_GROUP, FEEDBACK_FOLDER, FEEDBACK_RETENTION_HOURS, CLIENT_ID.</summary>
    /// <param name="store">--store; null when not given.</param>
    /// <param name="eventHubs">--eventhubs; null when not given.</param>
    /// <param name="feedbackFolder">--feedback-folder; null when not given.</param>
    /// <exception cref="SettingsException">None is named, or they do not go together.</exception>
    public StoreSettings Store(string? store = null, string? eventHubs = null, string? feedbackFolder = null)
    {
        var address = store ?? Text("STORE") ?? throw new SettingsException(
            $"--store is missing (or {Prefix}STORE): a folder, https://ACCOUNT.blob.core.windows.net or a connection string.");
        try
        {
            return new StoreSettings
            {
                Address = StoreAddress.Parse(address),
                Container = Text("CONTAINER") ?? StoreSettings.DefaultContainer,
                UsersTable = Text("USERS_TABLE") ?? StoreSettings.DefaultUsersTable,
                EventHubs = eventHubs ?? (feedbackFolder is null ? Text("EVENTHUBS") : null),
                EventHub = Text("EVENTHUB") ?? StoreSettings.DefaultEventHub,
                ConsumerGroup = Text("CONSUMER_GROUP") ?? StoreSettings.DefaultConsumerGroup,
                FeedbackFolder = feedbackFolder ?? (eventHubs is null ? Text("FEEDBACK_FOLDER") : null),
                FeedbackRetention = TimeSpan.FromHours(Number("FEEDBACK_RETENTION_HOURS", 0, 0, MaxRetentionHours)),
                ClientId = Text("CLIENT_ID"),
            }.Validated();
        }
        catch (FormatException exception)
        {
            throw new SettingsException(
                $"{exception.Message} Settings: --store ({Prefix}STORE), {Prefix}CONTAINER, {Prefix}USERS_TABLE, --eventhubs ({Prefix}EVENTHUBS), "
                + $"--feedback-folder ({Prefix}FEEDBACK_FOLDER).");
        }
    }

    /// <summary>What one request may cost.</summary>
    /// <exception cref="SettingsException">A value is no number, or out of range.</exception>
    public ApiLimits Limits()
    {
        var defaults = new ApiLimits();
        return new()
        {
            MaxBodyBytes = (long)Number("MAX_BODY_BYTES", defaults.MaxBodyBytes, 1024, 256 * 1024 * 1024),
            RequestsPerSecond = (int)Number("REQUESTS_PER_SECOND", Keys().IsEmpty ? 0 : 10_000, 0, 1_000_000),
            ReleaseWait = TimeSpan.FromSeconds(Number("RELEASE_WAIT_SECONDS", defaults.ReleaseWait.TotalSeconds, 0, 60)),
        };
    }

    /// <summary>How often current.json is looked at.</summary>
    /// <exception cref="SettingsException">It is no number, or out of range.</exception>
    public TimeSpan ReleasePoll() => TimeSpan.FromSeconds(Number("RELEASE_POLL_SECONDS", 1, 0.05, 3600));

    /// <summary>The keys of the API.</summary>
    /// <exception cref="SettingsException">A key is too short, or stands in two scopes.</exception>
    public ApiKeys Keys()
    {
        try
        {
            return new ApiKeys(List("READ_KEYS"), List("WRITE_KEYS"), List("ADMIN_KEYS"));
        }
        catch (ArgumentException exception)
        {
            throw new SettingsException($"{Prefix}READ_KEYS, {Prefix}WRITE_KEYS, {Prefix}ADMIN_KEYS: {exception.Message}");
        }

        // A reference that the platform could not resolve arrives as it stands, and everybody can guess it.
        string[] List(string name) => Text(name) is { } text && text.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase)
            ? throw new SettingsException($"{Prefix}{name} is a vault reference that was not resolved: is the secret set, and may the app's identity read it?")
            : Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }
}
