using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ServerlessRec.EndToEnd.Fixtures;
using ServerlessRec.FunctionsHost.Host;
using ServerlessRec.FunctionsHost.Protocol;

namespace ServerlessRec.FunctionsHost.Doors;

/// <summary>The built worker process, under a host that speaks the host's side of the protocol.</summary>
internal sealed class WorkerDoor : IFunctionsDoor
{
    private static readonly string Folder = Path.GetDirectoryName(Repository.Worker)!;

    private readonly RpcServer _rpc = new();
    private readonly string _store;
    private readonly HttpClient _toWorker = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private WebApplication? _rpcApp;
    private WebApplication? _front;
    private ChildProcess? _process;
    private WorkerSession? _session;

    private WorkerDoor(string store) => _store = store;

    public HttpClient Client { get; private set; } = new();

    public string Output => $"{_process?.Output}\n{string.Join('\n', _session?.Logs ?? [])}";

    /// <summary>How the last invocation failed; null when it did not.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>What the worker says its functions are.</summary>
    public IReadOnlyDictionary<string, RpcFunctionMetadata> Functions => Session.Functions;

    private WorkerSession Session => _session ?? throw new InvalidOperationException("The worker was not started.");

    public static async Task<WorkerDoor> OpenAsync(string store)
    {
        var door = new WorkerDoor(store);
        door._rpcApp = await LoopbackServer.StartAsync(
            HttpProtocols.Http2,
            services => services.AddSingleton(door._rpc).AddGrpc(grpc => grpc.MaxReceiveMessageSize = null),
            app => app.MapGrpcService<RpcServer>(),
            TestContext.Current.CancellationToken);
        await door.StartAsync();
        door._front = await LoopbackServer.StartAsync(HttpProtocols.Http1, _ => { }, door.MapFunctions, TestContext.Current.CancellationToken);
        door.Client.BaseAddress = door._front.Address();
        return door;
    }

    public async Task StartAsync()
    {
        var id = Guid.NewGuid().ToString();
        _process = ChildProcess.Start(
            "dotnet",
            [
                Repository.Worker, "--functions-uri", _rpcApp!.Address().AbsoluteUri, "--functions-worker-id", id,
                "--functions-request-id", Guid.NewGuid().ToString(), "--functions-grpc-max-message-length", "2147483647",
            ],
            Folder,
            new Dictionary<string, string>(DoorSettings.Environment(_store))
            {
                ["FUNCTIONS_APPLICATION_DIRECTORY"] = Folder,
                ["FUNCTIONS_WORKER_DIRECTORY"] = Folder,
                ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            });
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            _session = await _rpc.SessionAsync(id, timeout.Token);
            await _session.GreetAsync(Folder, timeout.Token);
            await WaitUntilListeningAsync(_session.HttpUri, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The worker did not greet:\n{Output}");
        }
    }

    public async Task<bool> DeliverOnceAsync(HubEvents batch, int retryCount, CancellationToken cancellationToken) =>
        await SucceedsAsync(WorkerInvocations.Batch(Session.Functions["UpdateUsers"], batch, retryCount), cancellationToken);

    public async Task<bool> RunTimerAsync(string function, CancellationToken cancellationToken) =>
        await SucceedsAsync(WorkerInvocations.Timer(Session.Functions[function]), cancellationToken);

    /// <summary>Has the instance warmed.</summary>
    public async Task<bool> WarmUpAsync(CancellationToken cancellationToken) =>
        await SucceedsAsync(WorkerInvocations.Warmup(Session.Functions["Warmup"]), cancellationToken);

    public async Task KillAsync() => await _process!.DisposeAsync();

    public async Task StopAsync()
    {
        await Session.TerminateAsync(TimeSpan.FromSeconds(5));
        await _process!.WaitForExitAsync();
        await _process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        foreach (var app in new[] { _front, _rpcApp })
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }
        }

        _toWorker.Dispose();
        _session?.Dispose();
    }

    // The stream is up before the worker's own web server listens.
    private static Task WaitUntilListeningAsync(Uri server, CancellationToken cancellationToken) => Waiting.UntilAsync("the worker listens", async () =>
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.Host, server.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });

    private async Task<bool> SucceedsAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var result = await Session.InvokeAsync(request, cancellationToken);
            LastFailure = result.Status == StatusResult.Types.Status.Success ? null : $"{result.Status}: {result.Exception?.Message}\n{result.Exception?.StackTrace}";
            return LastFailure is null;
        }
        catch (WorkerGoneException)
        {
            return false;
        }
    }

    private void MapFunctions(WebApplication app)
    {
        foreach (var function in Session.Functions.Values)
        {
            foreach (var text in function.RawBindings)
            {
                using var binding = JsonDocument.Parse(text);
                if (binding.RootElement.GetProperty("type").GetString() == "httpTrigger")
                {
                    HttpFront.Map(app, function.Name, binding.RootElement, AnswerAsync);
                }
            }
        }
    }

    private async Task AnswerAsync(string function, HttpContext context)
    {
        var session = Session;
        var request = WorkerInvocations.Http(session.Functions[function]);
        var running = session.InvokeAsync(request, context.RequestAborted);
        await HttpFront.ForwardAsync(
            context, _toWorker, session.HttpUri, forwarded => forwarded.Headers.Add("x-ms-invocation-id", request.InvocationId));
        var result = await running;
        if (result.Status == StatusResult.Types.Status.Failure && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsync(result.Exception?.ToString() ?? "");
        }
    }
}
