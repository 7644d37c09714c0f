using ServerlessRec.Azure.Settings;

namespace ServerlessRec.Api.Triggers;

/// <summary>Names, schedules and limits of everything but HTTP that calls in: attributes, function.json files and the infrastructure say the same.</summary>
public static class TriggerNames
{
    /// <summary>The function that applies feedback from the hub.</summary>
    public const string UpdateUsers = "UpdateUsers";

    /// <summary>The function that makes a release of what changed.</summary>
    public const string RebuildIndex = "RebuildIndex";

    /// <summary>The function that tries parked feedback again.</summary>
    public const string ReplayParked = "ReplayParked";

    /// <summary>The function that a host calls before an instance gets requests; hosts know it by this name.</summary>
    public const string Warmup = "Warmup";

    /// <summary>Stands for the path segment "admin" in functions' routes: a host refuses every function whose route begins with those letters.</summary>
    public const string HostAdmin = "{area:regex(^admin$)}";

    /// <summary>The event hub that holds feedback.</summary>
    public const string Hub = StoreSettings.DefaultEventHub;

    /// <summary>The consumer group of <see cref="UpdateUsers"/>, its own: two readers of one group steal each other's partitions.</summary>
    public const string ConsumerGroup = StoreSettings.DefaultConsumerGroup;

    /// <summary>Setting, or prefix of settings, that says how to reach the hub's namespace: `FeedbackHub__fullyQualifiedNamespace` and so on.</summary>
    public const string HubConnection = "FeedbackHub";

    /// <summary>When <see cref="RebuildIndex"/> runs: seven minutes past each hour, UTC.</summary>
    public const string RebuildSchedule = "0 7 * * * *";

    /// <summary>When <see cref="ReplayParked"/> runs: every five minutes.</summary>
    public const string ReplaySchedule = "0 */5 * * * *";

    /// <summary>Retries of a failed batch: for ever, because a host that gives up moves its checkpoint on and the events are lost.</summary>
    public const int Retries = -1;

    /// <summary>Pause before a failed batch comes again.</summary>
    public const string RetryDelay = "00:00:02";

    /// <summary>A path of the contract as a function's route: it matches the same requests, and hosts accept it.</summary>
    public static string HostRoute(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        const string Admin = "admin/";
        return path.StartsWith(Admin, StringComparison.OrdinalIgnoreCase) ? HostAdmin + "/" + path[Admin.Length..] : path;
    }
}
