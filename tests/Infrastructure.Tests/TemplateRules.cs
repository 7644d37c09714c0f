using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessRec.Api.Settings;
using ServerlessRec.Api.Triggers;
using ServerlessRec.Azure.Settings;

namespace ServerlessRec.Infrastructure.Tests;

/// <summary>What the templates and the code must agree on, and what must never be in them. Each fault is a sentence.</summary>
internal static partial class TemplateRules
{
    // Flex Consumption refuses or misreads these.
    private static readonly string[] Banned =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_MAX_HTTP_CONCURRENCY", "FUNCTIONS_WORKER_PROCESS_COUNT",
        "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTSHARE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_VNET_ROUTE_ALL",
        "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "SCM_DO_BUILD_DURING_DEPLOYMENT", "ENABLE_ORYX_BUILD", "WEBSITE_TIME_ZONE", "alwaysOn", "linuxFxVersion",
    ];

    // What the host reads itself; without clientId and credential an identity-based connection does not scale.
    private static readonly string[] HostSettings =
    [
        "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri",
        "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId",
        TriggerNames.HubConnection + "__fullyQualifiedNamespace", TriggerNames.HubConnection + "__credential", TriggerNames.HubConnection + "__clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    ];

    // Role → scope, each with the call that needs it.
    private static readonly Dictionary<string, string> AppRoles = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b on Microsoft.Storage/storageAccounts/sthost"] = "the host: package, leases, checkpoints",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88 on Microsoft.Storage/storageAccounts/sthost"] = "the host: its queue client",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 on Microsoft.Storage/storageAccounts/sthost"] = "the host: diagnostic events",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe on Microsoft.Storage/storageAccounts/stdata/blobServices/default/containers/serverlessrec"] = "AzureBlobStore",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 on Microsoft.Storage/storageAccounts/stdata/tableServices/default/tables/users"] = "TableUserStore",
        ["a638d3c7-ab3a-418d-83e6-5f17a39d4fde on Microsoft.EventHub/namespaces/evhns-/eventhubs/feedback"] = "the trigger of UpdateUsers",
        ["2b629674-e913-4c01-ae53-ef4638d8f975 on Microsoft.EventHub/namespaces/evhns-/eventhubs/feedback"] = "the event hub feedback log",
        ["3913510d-42f4-4e42-8a64-420c390055eb on Microsoft.Insights/components/appi-"] = "the telemetry exporter",
        ["4633458b-17de-408a-b874-0445c86b69e6 on Microsoft.KeyVault/vaults/kv-"] = "the platform: references to the API's keys",
    };

    /// <summary>Every fault of these templates.</summary>
    public static IReadOnlyList<string> Check(Snapshot snapshot) =>
        [.. Settings(snapshot), .. Names(snapshot), .. App(snapshot), .. Roles(snapshot), .. Secrets(snapshot)];

    private static IEnumerable<string> Settings(Snapshot snapshot)
    {
        var settings = snapshot.Settings;
        foreach (var missing in HostSettings.Except(settings.Keys))
        {
            yield return $"The host needs the setting {missing}.";
        }

        foreach (var banned in Banned.Where(name => snapshot.Text.Contains($"\"{name}\"", StringComparison.Ordinal)))
        {
            yield return $"{banned} must not be set on Flex Consumption.";
        }

        // The code itself reads the settings, and says where they lead.
        var asked = new HashSet<string>();
        string? Read(string name) => asked.Add(name) || true ? settings.GetValueOrDefault(name) : null;
        var environment = new EnvironmentSettings(Read);
        StoreSettings? stores = null;
        string? refusal = null;
        try
        {
            stores = environment.Store();
        }
        catch (SettingsException exception)
        {
            refusal = exception.Message;
        }

        if (stores is null || stores.Address.Kind != StoreKind.Account || stores.EventHubs is null || stores.ClientId is null)
        {
            yield return $"The settings do not name a storage account, an Event Hubs namespace and an identity. {refusal}";
        }
        else if ((stores.Container, stores.UsersTable, stores.EventHub) != (StoreSettings.DefaultContainer, StoreSettings.DefaultUsersTable, TriggerNames.Hub))
        {
            yield return $"The settings name {stores.Container}, {stores.UsersTable} and {stores.EventHub}, the code's constants {StoreSettings.DefaultContainer}, {StoreSettings.DefaultUsersTable} and {TriggerNames.Hub}.";
        }

        asked.UnionWith(["SERVERLESSREC_READ_KEYS", "SERVERLESSREC_WRITE_KEYS", "SERVERLESSREC_ADMIN_KEYS"]);
        foreach (var unread in settings.Keys.Except(asked).Except(HostSettings))
        {
            yield return $"No code reads the setting {unread}.";
        }

        foreach (var scope in new[] { "READ", "WRITE", "ADMIN" })
        {
            if (!settings.TryGetValue($"SERVERLESSREC_{scope}_KEYS", out var value) || !value.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal))
            {
                yield return $"SERVERLESSREC_{scope}_KEYS must come from the vault.";
            }
        }
    }

    private static IEnumerable<string> Names(Snapshot snapshot)
    {
        (string Type, string Name)[] expected =
        [
            ("Microsoft.EventHub/namespaces/eventhubs", TriggerNames.Hub),
            ("Microsoft.EventHub/namespaces/eventhubs/consumergroups", TriggerNames.ConsumerGroup),
            ("Microsoft.Storage/storageAccounts/blobServices/containers", StoreSettings.DefaultContainer),
            ("Microsoft.Storage/storageAccounts/tableServices/tables", StoreSettings.DefaultUsersTable),
        ];
        return expected.Where(pair => !snapshot.NamesOf(pair.Type).Contains(pair.Name)).Select(pair => $"There is no {pair.Type} named {pair.Name}.");
    }

    private static IEnumerable<string> App(Snapshot snapshot)
    {
        var properties = snapshot.App.GetProperty("properties");
        var config = properties.GetProperty("functionAppConfig");
        var storage = config.GetProperty("deployment").GetProperty("storage");
        (string What, string? Value, string Expected)[] values =
        [
            ("runtime name", Text(config.GetProperty("runtime"), "name"), "dotnet-isolated"),
            ("runtime version", Text(config.GetProperty("runtime"), "version"), "10.0"),
            ("deployment storage", Text(storage, "type"), "blobContainer"),
            ("deployment sign-in", Text(storage.GetProperty("authentication"), "type"), "UserAssignedIdentity"),
            ("TLS", Text(properties.GetProperty("siteConfig"), "minTlsVersion"), "1.2"),
            ("service tag", Text(snapshot.App.GetProperty("tags"), "azd-service-name"), "recommender"),
        ];
        foreach (var (what, value, expected) in values.Where(value => value.Value != value.Expected))
        {
            yield return $"The app's {what} is {value}, not {expected}.";
        }

        string[] groups = ["http", "function:" + TriggerNames.UpdateUsers];
        foreach (var group in config.GetProperty("scaleAndConcurrency").GetProperty("alwaysReady").EnumerateArray().Select(ready => Text(ready, "name")!))
        {
            if (!groups.Contains(group))
            {
                yield return $"alwaysReady names {group}, which is no scale group of the app.";
            }
        }

        foreach (var account in snapshot.OfType("Microsoft.Storage/storageAccounts").Select(account => account.GetProperty("properties")))
        {
            if (account.GetProperty("allowSharedKeyAccess").GetBoolean() || Text(account, "minimumTlsVersion") != "TLS1_2")
            {
                yield return "A storage account takes shared keys or old TLS.";
            }
        }

        if (!snapshot.OfType("Microsoft.EventHub/namespaces").Single().GetProperty("properties").GetProperty("disableLocalAuth").GetBoolean())
        {
            yield return "The Event Hubs namespace takes shared keys.";
        }
    }

    private static IEnumerable<string> Roles(Snapshot snapshot)
    {
        var given = snapshot.RolesOf("/userAssignedIdentities/").ToList();
        return AppRoles.Keys.Except(given).Select(missing => $"The app lacks the role {missing}, for {AppRoles[missing]}.")
            .Concat(given.Except(AppRoles.Keys).Select(extra => $"Nothing needs the role {extra}."));
    }

    private static IEnumerable<string> Secrets(Snapshot snapshot) =>
        Secret().Matches(snapshot.Text).Select(match => $"The templates hold a secret, or ask for one: {match.Value}.");

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    [GeneratedRegex("listKeys|AccountKey=|SharedAccess|sig=|securestring", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
