using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ServerlessRec.Api.Triggers;
using ServerlessRec.EndToEnd.Fixtures;
using ServerlessRec.FunctionsHost.Host;

namespace ServerlessRec.FunctionsHost.Doors;

/// <summary>Standalone as a custom handler, under a host that reads the generated function.json files and posts what the real one posts.</summary>
internal sealed class CustomHandlerDoor : IFunctionsDoor
{
    private readonly string _store;
    private readonly string _files;
    private readonly HttpClient _toHandler = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private WebApplication? _front;
    private ChildProcess? _process;
    private Uri _handler = new("about:blank");

    private CustomHandlerDoor(string store) => (_store, _files) = (store, store + "-functions");

    public HttpClient Client { get; private set; } = new();

    public string Output => _process?.Output ?? "";

    public static async Task<CustomHandlerDoor> OpenAsync(string store)
    {
        var door = new CustomHandlerDoor(store);
        await ChildProcess.RunAsync("dotnet", [Repository.Standalone, "handler-files", "--out", door._files]);
        await door.StartAsync();
        door._front = await LoopbackServer.StartAsync(HttpProtocols.Http1, _ => { }, door.MapFunctions, TestContext.Current.CancellationToken);
        door.Client.BaseAddress = door._front.Address();
        return door;
    }

    public async Task StartAsync()
    {
        var port = FreePort();
        _handler = new Uri($"http://127.0.0.1:{port}");
        _process = ChildProcess.Start("dotnet", [Repository.Standalone], environment: new Dictionary<string, string>(DoorSettings.Environment(_store))
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
            ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = Guid.NewGuid().ToString(),
        });
        await Waiting.UntilAsync("the handler answers", () =>
        {
            Assert.False(_process.HasExited, $"The handler ended:\n{Output}");
            return AnswersAsync();
        });
    }

    public Task<bool> DeliverOnceAsync(HubEvents batch, int retryCount, CancellationToken cancellationToken) =>
        SucceedsAsync(TriggerNames.UpdateUsers, HandlerInvocations.Batch(batch, retryCount), cancellationToken);

    public Task<bool> RunTimerAsync(string function, CancellationToken cancellationToken) =>
        SucceedsAsync(function, HandlerInvocations.Timer(function), cancellationToken);

    public async Task KillAsync() => await _process!.DisposeAsync();

    // The host of a custom handler does not ask first.
    public Task StopAsync() => KillAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_front is not null)
        {
            await _front.DisposeAsync();
        }

        _toHandler.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _toHandler.GetAsync(_handler, TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // Success to the host is a 200 with an object of this shape, and nothing else.
    private async Task<bool> SucceedsAsync(string function, JsonContent payload, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _toHandler.PostAsync(new Uri(_handler, function), payload, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return false;
            }

            using var result = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            return result.RootElement.GetProperty("Outputs").ValueKind == JsonValueKind.Object;
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private void MapFunctions(WebApplication app)
    {
        foreach (var file in Directory.EnumerateFiles(_files, "function.json", SearchOption.AllDirectories))
        {
            var name = Path.GetFileName(Path.GetDirectoryName(file)!);
            using var function = JsonDocument.Parse(File.ReadAllBytes(file));
            var bindings = function.RootElement.GetProperty("bindings");
            if (bindings[0].GetProperty("type").GetString() == "httpTrigger")
            {
                // Only a function with one trigger and one answer is forwarded.
                Assert.Equal(["httpTrigger", "http"], bindings.EnumerateArray().Select(binding => binding.GetProperty("type").GetString()));
                HttpFront.Map(app, name, bindings[0], AnswerAsync);
            }
        }
    }

    private Task AnswerAsync(string function, HttpContext context) =>
        HttpFront.ForwardAsync(context, _toHandler, _handler, forwarded => forwarded.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString()));
}
