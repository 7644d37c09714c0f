using System.Collections.Concurrent;
using Grpc.Core;
using ServerlessRec.FunctionsHost.Protocol;

namespace ServerlessRec.FunctionsHost.Host;

/// <summary>Where workers dial in; each connection becomes a session under the worker's id.</summary>
internal sealed class RpcServer : FunctionRpc.FunctionRpcBase
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<WorkerSession>> _sessions = new();

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.StartStream is not { } start)
        {
            throw new global::Grpc.Core.RpcException(new Status(StatusCode.InvalidArgument, "A worker begins with StartStream."));
        }

        var session = new WorkerSession(responseStream);
        Of(start.WorkerId).SetResult(session);
        await session.ReadAsync(requestStream, context.CancellationToken);
    }

    /// <summary>The session of a worker that was started with this id.</summary>
    public Task<WorkerSession> SessionAsync(string workerId, CancellationToken cancellationToken) => Of(workerId).Task.WaitAsync(cancellationToken);

    private TaskCompletionSource<WorkerSession> Of(string workerId) =>
        _sessions.GetOrAdd(workerId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
