#!/usr/bin/env -S dotnet run
#:property PublishAot=false

// The whole product on this machine: makes data, trains a release, serves it, and opens the page.
//
//   dotnet run demo.cs                       a catalogue and users that the program makes itself
//   dotnet run demo.cs -- --data PATH        a real data set: MovieLens, MovieTweetings, Personalize CSV, Gorse JSONL, online retail
//   dotnet run demo.cs -- --store DIR        where the release and the users lie; .demo/NAME when not given
//   dotnet run demo.cs -- --port N           the port; 7071 when not given
//
// A store that has a release already is served as it is: delete its folder to begin anew. Ctrl-C stops everything.
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

var root = Path.GetDirectoryName((string)AppContext.GetData("EntryPointFilePath")!)!;
if (!TryReadArguments(args, out var data, out var storeArgument, out var port))
{
    return 2;
}

var name = data is null ? "demo-data" : Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
var store = Path.GetFullPath(storeArgument ?? Path.Combine(root, ".demo", name));

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await RunAsync();
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

async Task<int> RunAsync()
{
    if (!File.Exists(Path.Combine(store, "blobs", "current.json")))
    {
        Say($"There is no release in {store} yet: building the trainer.");
        if (await DotnetAsync("build", "training/Training.csproj", "-c", "Release", "-v", "quiet", "-nologo") is not 0 and var failed)
        {
            return failed;
        }

        var source = data;
        if (source is null)
        {
            source = Path.Combine(store, "data");
            Say("Making a catalogue, users and what they did.");
            if (await TrainerAsync("demo-data", "--out", source) is not 0 and var unmade)
            {
                return unmade;
            }
        }

        Say("Training.");
        if (await TrainerAsync("train", "--data", source, "--store", store) is not 0 and var untrained)
        {
            return untrained;
        }
    }

    Say("Building the server.");
    if (await DotnetAsync("build", "functions/Standalone/Standalone.csproj", "-c", "Release", "-v", "quiet", "-nologo") is not 0 and var unbuilt)
    {
        return unbuilt;
    }

    using var serving = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
    var server = DotnetAsync(Built("functions/Standalone", "Standalone"), "--store", store, "--port", $"{port}");
    var greeting = GreetAsync(serving.Token);
    var code = await server;
    await serving.CancelAsync();
    await greeting;
    return code;
}

// Says where the server listens as soon as it serves; ends early when the server does.
async Task GreetAsync(CancellationToken cancellationToken)
{
    var address = $"http://localhost:{port}";
    using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(10) };
    try
    {
        while (true)
        {
            try
            {
                using var ready = await client.GetAsync("/api/health/ready", cancellationToken);
                if (ready.StatusCode == HttpStatusCode.OK)
                {
                    break;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(200, cancellationToken);
        }

        using var users = JsonDocument.Parse(await client.GetStringAsync("/api/users?n=1", cancellationToken));
        using var items = JsonDocument.Parse(await client.GetStringAsync("/api/popular?n=1", cancellationToken));
        var user = Uri.EscapeDataString(users.RootElement.GetProperty("Users")[0].GetProperty("UserId").GetString()!);
        var item = items.RootElement[0].GetProperty("Id").GetString()!;
        Console.WriteLine($$"""

            The page:             {{address}}/
            For a user:           curl '{{address}}/api/recommend/{{user}}?n=5'
            Similar items:        curl '{{address}}/api/item/{{Uri.EscapeDataString(item)}}/neighbors/?n=5'
            For a visitor:        curl '{{address}}/api/session/recommend?n=5' -H 'Content-Type: application/json' -d '[{"FeedbackType":"click","ItemId":{{JsonSerializer.Serialize(item, DemoJson.Default.String)}}}]'

            Ctrl-C stops it.
            """);
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        // The server ended first and has said why.
    }
}

Task<int> TrainerAsync(params string[] arguments) => DotnetAsync([Built("training", "Training"), .. arguments]);

string Built(string folder, string project) => Path.Combine(root, folder, "bin", "Release", "net10.0", $"ServerlessRec.{project}.dll");

// Runs one child to its end. A stop is handed on to it, and it is waited for.
async Task<int> DotnetAsync(params string[] arguments)
{
    stop.Token.ThrowIfCancellationRequested();
    var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", arguments)
    {
        WorkingDirectory = root,
        UseShellExecute = false,
    };
    using var child = Process.Start(start)!;
    using var handOn = stop.Token.Register(() => SignalChild(child));
    await child.WaitForExitAsync();
    stop.Token.ThrowIfCancellationRequested();
    return child.ExitCode;
}

static void SignalChild(Process child)
{
    if (OperatingSystem.IsWindows())
    {
        child.Kill(entireProcessTree: true);
    }
    else if (!child.HasExited)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{child.Id}"]);
    }
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static void Say(string text) => Console.WriteLine($"── {text}");

static bool TryReadArguments(string[] args, out string? data, out string? store, out int port)
{
    (data, store, port) = (null, null, 7071);
    for (var i = 0; i < args.Length; i += 2)
    {
        var value = i + 1 < args.Length ? args[i + 1] : null;
        switch (args[i])
        {
            case "--data" when value is not null: data = value; break;
            case "--store" when value is not null: store = value; break;
            case "--port" when int.TryParse(value, out port): break;
            default:
                Console.Error.WriteLine($"'{args[i]}' is not understood. Usage: dotnet run demo.cs -- [--data PATH] [--store DIR] [--port N]");
                return false;
        }
    }

    return true;
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class DemoJson : System.Text.Json.Serialization.JsonSerializerContext;
