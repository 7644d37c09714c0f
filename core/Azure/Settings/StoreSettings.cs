namespace ServerlessRec.Azure.Settings;

/// <summary>Chooses the parts a recommender stores in. One record for every program: servers, functions, training.</summary>
public sealed record StoreSettings
{
    /// <summary>The container when nothing else is said.</summary>
    public const string DefaultContainer = "serverlessrec";

    /// <summary>The users' table when nothing else is said.</summary>
    public const string DefaultUsersTable = "users";

    /// <summary>The event hub when nothing else is said.</summary>
    public const string DefaultEventHub = "feedback";

    /// <summary>The consumer group when nothing else is said.</summary>
    public const string DefaultConsumerGroup = "serverlessrec";

    /// <summary>Where releases, catalogue log, archive, dead letters and users are.</summary>
    public required StoreAddress Address { get; init; }

    /// <summary>Container of the blobs: 3–63 lower-case letters, digits and single hyphens.</summary>
    public string Container { get; init; } = DefaultContainer;

    /// <summary>Table of the users: 3–63 letters and digits, a letter first.</summary>
    public string UsersTable { get; init; } = DefaultUsersTable;

    /// <summary>
    /// The Event Hubs namespace that feedback goes through: its connection string or its host name, such as NAME.servicebus.windows.net.
    /// Null: the log of this machine, which only a store in a folder, or <see cref="FeedbackFolder"/>, has.
    /// </summary>
    public string? EventHubs { get; init; }

    /// <summary>The event hub in it.</summary>
    public string EventHub { get; init; } = DefaultEventHub;

    /// <summary>The consumer group of this program's consumers; never $Default, which people's own tools read.</summary>
    public string ConsumerGroup { get; init; } = DefaultConsumerGroup;

    /// <summary>Folder of this machine's feedback log, for a storage account without Event Hubs; null: in the store's folder.</summary>
    public string? FeedbackFolder { get; init; }

    /// <summary>How long this machine's feedback log keeps what was consumed, zero or more: other readers may come in by the Event Hubs door.</summary>
    public TimeSpan FeedbackRetention { get; init; } = TimeSpan.Zero;

    /// <summary>Client id of the user-assigned managed identity to sign in as; null: whatever the environment offers.</summary>
    public string? ClientId { get; init; }

    /// <summary>These settings, when they go together.</summary>
    /// <exception cref="FormatException">The message names the setting and what to do.</exception>
    public StoreSettings Validated()
    {
        if (Container.Length is < 3 or > 63 || Container.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            || Container.StartsWith('-') || Container.EndsWith('-') || Container.Contains("--", StringComparison.Ordinal))
        {
            throw new FormatException($"The container '{Container}' must have 3 to 63 lower-case letters, digits and single hyphens.");
        }

        if (UsersTable.Length is < 3 or > 63 || !char.IsAsciiLetter(UsersTable[0]) || UsersTable.Any(c => !char.IsAsciiLetterOrDigit(c)))
        {
            throw new FormatException($"The table '{UsersTable}' must have 3 to 63 letters and digits, a letter first.");
        }

        if (EventHubs is null && FeedbackFolder is null && Address.Kind != StoreKind.Folder)
        {
            throw new FormatException(
                "A storage account has no feedback log: name an Event Hubs namespace, or a folder of this machine that keeps the log.");
        }

        return EventHubs is null || FeedbackFolder is null
            ? this
            : throw new FormatException("Feedback goes through Event Hubs or through a folder of this machine; both are set.");
    }
}
