using System.Text.Json;
using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Triggers;

namespace ServerlessRec.Standalone.CustomHandler;

/// <summary>Writes what a Functions host reads of a custom handler: host.json and a function.json for each function, from the same tables as everything else.</summary>
public static class HandlerFiles
{
    /// <summary>Name of the trigger's value in the payload of a batch.</summary>
    internal const string EventsName = "events";

    private const string Executable = "ServerlessRec.Standalone";

    /// <summary>Writes into a folder, which then holds all that is deployed beside the published executable.</summary>
    /// <param name="folder">Made when missing; files of these names are replaced.</param>
    /// <param name="routes">The contract.</param>
    public static void Write(string folder, IReadOnlyList<ApiRoute> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        WriteFile(Path.Combine(folder, "host.json"), WriteHost);
        foreach (var route in routes)
        {
            WriteFunction(folder, route.Name, writer => WriteHttp(writer, route));
        }

        WriteFunction(folder, TriggerNames.UpdateUsers, WriteUpdateUsers);
        WriteFunction(folder, TriggerNames.RebuildIndex, writer => WriteTimer(writer, TriggerNames.RebuildSchedule));
        WriteFunction(folder, TriggerNames.ReplayParked, writer => WriteTimer(writer, TriggerNames.ReplaySchedule));
        WriteFunction(folder, TriggerNames.Warmup, writer => WriteBindings(writer, () => WriteBinding(writer, "warmupTrigger", "warmup")));
    }

    private static void WriteFunction(string folder, string name, Action<Utf8JsonWriter> write) => WriteFile(Path.Combine(folder, name, "function.json"), write);

    private static void WriteFile(string path, Action<Utf8JsonWriter> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
    }

    private static void WriteHost(Utf8JsonWriter writer)
    {
        // The same limits as the isolated worker's, which its own host.json holds.
        using var common = JsonDocument.Parse(typeof(HandlerFiles).Assembly.GetManifestResourceStream("host.json")!);
        foreach (var property in common.RootElement.EnumerateObject())
        {
            property.WriteTo(writer);
        }

        writer.WriteStartObject("customHandler");
        writer.WriteBoolean("enableForwardingHttpRequest", true);
        writer.WriteStartObject("description");
        writer.WriteString("defaultExecutablePath", Executable);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("extensionBundle");
        writer.WriteString("id", "Microsoft.Azure.Functions.ExtensionBundle");
        writer.WriteString("version", "[4.0.0, 5.0.0)");
        writer.WriteEndObject();
    }

    private static void WriteHttp(Utf8JsonWriter writer, ApiRoute route) => WriteBindings(writer, () =>
    {
        WriteBinding(writer, "httpTrigger", "request", () =>
        {
            writer.WriteString("authLevel", "anonymous");
            writer.WriteStartArray("methods");
            writer.WriteStringValue(route.Method.ToLowerInvariant());
            writer.WriteEndArray();
            writer.WriteString("route", TriggerNames.HostRoute(route.Path));
        });
        WriteBinding(writer, "http", "$return", direction: "out");
    });

    private static void WriteUpdateUsers(Utf8JsonWriter writer)
    {
        WriteBindings(writer, () => WriteBinding(writer, "eventHubTrigger", EventsName, () =>
        {
            writer.WriteString("eventHubName", TriggerNames.Hub);
            writer.WriteString("consumerGroup", TriggerNames.ConsumerGroup);
            writer.WriteString("connection", TriggerNames.HubConnection);
            writer.WriteString("cardinality", "many");
            writer.WriteString("dataType", "string");
        }));
        writer.WriteStartObject("retry");
        writer.WriteString("strategy", "fixedDelay");
        writer.WriteNumber("maxRetryCount", TriggerNames.Retries);
        writer.WriteString("delayInterval", TriggerNames.RetryDelay);
        writer.WriteEndObject();
    }

    private static void WriteTimer(Utf8JsonWriter writer, string schedule) =>
        WriteBindings(writer, () => WriteBinding(writer, "timerTrigger", "timer", () => writer.WriteString("schedule", schedule)));

    private static void WriteBindings(Utf8JsonWriter writer, Action write)
    {
        writer.WriteStartArray("bindings");
        write();
        writer.WriteEndArray();
    }

    private static void WriteBinding(Utf8JsonWriter writer, string type, string name, Action? more = null, string direction = "in")
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString("direction", direction);
        writer.WriteString("name", name);
        more?.Invoke();
        writer.WriteEndObject();
    }
}
