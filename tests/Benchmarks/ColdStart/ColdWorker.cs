using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ServerlessRec.FunctionsHost.Host;

namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>Starts the worker under a host, greets it and asks it until it answers.</summary>
internal static class ColdWorker
{
    public static async Task<ColdStart> StartAsync(string folder, ColdPlace place, WebApplication host, RpcServer rpc, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        await using var process = new ColdProcess(Process(folder, place, host, id));
        using var session = await rpc.SessionAsync(id, cancellationToken);
        await session.GreetAsync(folder, cancellationToken);
        var reachable = process.Elapsed;
        using var client = new HttpClient();
        while (true)
        {
            process.ThrowIfLost();
            if (await AskAsync(session, client, cancellationToken))
            {
                return new ColdStart(reachable, process.Elapsed, process.ReleaseMilliseconds(string.Concat(session.Logs)));
            }
        }
    }

    /// <summary>A host that workers can greet.</summary>
    public static Task<WebApplication> HostAsync(RpcServer rpc, CancellationToken cancellationToken) => LoopbackServer.StartAsync(
        HttpProtocols.Http2,
        services => services.AddSingleton(rpc).AddGrpc(grpc => grpc.MaxReceiveMessageSize = null),
        app => app.MapGrpcService<RpcServer>(),
        cancellationToken);

    /// <summary>How the host starts a published worker.</summary>
    public static ProcessStartInfo Process(string folder, ColdPlace place, WebApplication host, string id)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(folder, "ServerlessRec.Worker.dll"), "--functions-uri", host.Address().AbsoluteUri, "--functions-worker-id", id,
                "--functions-request-id", id, "--functions-grpc-max-message-length", "2147483647",
            ])
        {
            WorkingDirectory = folder,
        };
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = folder;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = folder;
        place.ApplyTo(start);
        return start;
    }

    /// <summary>One personalised request through the worker; false when it was refused.</summary>
    private static async Task<bool> AskAsync(WorkerSession session, HttpClient client, CancellationToken cancellationToken)
    {
        var invocation = WorkerInvocations.Http(session.Functions["Recommend"]);
        var running = session.InvokeAsync(invocation, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(session.HttpUri, $"/api/recommend/{ColdStore.UserId}?n=10"));
        request.Headers.Add("x-ms-invocation-id", invocation.InvocationId);
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            await running;
            return await ColdProcess.IsListAsync(answer, cancellationToken);
        }
        catch (HttpRequestException)
        {
            // The stream is up before the worker's own web server listens; the invocation waits for the next try in vain.
            await Task.Delay(1, cancellationToken);
            return false;
        }
    }
}
