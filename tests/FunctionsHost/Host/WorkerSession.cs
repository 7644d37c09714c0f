using System.Collections.Concurrent;
using Grpc.Core;
using ServerlessRec.FunctionsHost.Protocol;

namespace ServerlessRec.FunctionsHost.Host;

/// <summary>One worker as its host sees it: the greeting, its functions, invocations in flight. Any thread.</summary>
internal sealed class WorkerSession(IServerStreamWriter<StreamingMessage> toWorker) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _awaited = new();
    private volatile bool _isGone;

    /// <summary>Address of the worker's own web server.</summary>
    public Uri HttpUri { get; private set; } = new("about:blank");

    /// <summary>What the worker logged.</summary>
    public ConcurrentQueue<string> Logs { get; } = [];

    /// <summary>The functions by name.</summary>
    public IReadOnlyDictionary<string, RpcFunctionMetadata> Functions { get; private set; } = new Dictionary<string, RpcFunctionMetadata>();

    /// <summary>Greets the worker, asks for its functions and has each loaded.</summary>
    public async Task GreetAsync(string folder, CancellationToken cancellationToken)
    {
        var init = new WorkerInitRequest { HostVersion = "4.1037.0.0", WorkerDirectory = folder, FunctionAppDirectory = folder };
        var welcome = await AskAsync(new() { WorkerInitRequest = init }, "init", cancellationToken);
        HttpUri = new Uri(welcome.WorkerInitResponse.Capabilities["HttpUri"]);
        var metadata = await AskAsync(
            new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = folder } }, "metadata", cancellationToken);
        Functions = metadata.FunctionMetadataResponse.FunctionMetadataResults.ToDictionary(function => function.Name);
        foreach (var function in Functions.Values)
        {
            var load = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function };
            var loaded = await AskAsync(new() { FunctionLoadRequest = load }, "load " + function.FunctionId, cancellationToken);
            if (loaded.FunctionLoadResponse.Result.Status != StatusResult.Types.Status.Success)
            {
                throw new InvalidOperationException($"The worker could not load {function.Name}: {loaded.FunctionLoadResponse.Result.Exception?.Message}");
            }
        }
    }

    /// <summary>Runs an invocation to its end. A cancelled token makes the host ask the worker to stop; the end is awaited all the same.</summary>
    /// <exception cref="WorkerGoneException">The worker's process ended first.</exception>
    public async Task<StatusResult> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.Register(
            () => _ = WriteAsync(new() { InvocationCancel = new() { InvocationId = request.InvocationId } }));
        var answer = await AskAsync(new() { InvocationRequest = request }, request.InvocationId, CancellationToken.None);
        return answer.InvocationResponse.Result;
    }

    /// <summary>Asks the worker to end.</summary>
    public Task TerminateAsync(TimeSpan grace) =>
        WriteAsync(new() { WorkerTerminate = new() { GracePeriod = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(grace) } });

    /// <summary>Reads what the worker sends until it goes.</summary>
    public async Task ReadAsync(IAsyncStreamReader<StreamingMessage> fromWorker, CancellationToken cancellationToken)
    {
        try
        {
            while (await fromWorker.MoveNext(cancellationToken))
            {
                var message = fromWorker.Current;
                if (message.RpcLog is { } log)
                {
                    Logs.Enqueue($"{log.Category}: {log.Message} {log.Exception}");
                }

                var key = message.ContentCase switch
                {
                    StreamingMessage.ContentOneofCase.WorkerInitResponse => "init",
                    StreamingMessage.ContentOneofCase.FunctionMetadataResponse => "metadata",
                    StreamingMessage.ContentOneofCase.FunctionLoadResponse => "load " + message.FunctionLoadResponse.FunctionId,
                    StreamingMessage.ContentOneofCase.InvocationResponse => message.InvocationResponse.InvocationId,
                    _ => null,
                };
                if (key is not null && _awaited.TryRemove(key, out var awaited))
                {
                    awaited.TrySetResult(message);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The process ended.
        }
        finally
        {
            _isGone = true;
            FailAwaited();
        }
    }

    public void Dispose() => _writing.Dispose();

    private async Task<StreamingMessage> AskAsync(StreamingMessage message, string key, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited[key] = answer;
        if (_isGone)
        {
            FailAwaited();
        }
        else
        {
            await WriteAsync(message);
        }

        return await answer.Task.WaitAsync(cancellationToken);
    }

    private void FailAwaited()
    {
        foreach (var key in _awaited.Keys)
        {
            if (_awaited.TryRemove(key, out var awaited))
            {
                awaited.TrySetException(new WorkerGoneException());
            }
        }
    }

    private async Task WriteAsync(StreamingMessage message)
    {
        await _writing.WaitAsync();
        try
        {
            await toWorker.WriteAsync(message);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            _isGone = true;
            FailAwaited();
        }
        finally
        {
            _writing.Release();
        }
    }
}

/// <summary>The worker's process ended with the invocation in hand.</summary>
internal sealed class WorkerGoneException() : Exception("The worker is gone.");
