using System.Diagnostics;
using System.Text.Json;
using ServerlessRec.FunctionsHost.Protocol;

namespace ServerlessRec.FunctionsHost.Host;

/// <summary>Invocations in the shapes that the real host sends.</summary>
internal static class WorkerInvocations
{
    public static InvocationRequest Http(RpcFunctionMetadata function) => New(function);

    public static InvocationRequest Timer(RpcFunctionMetadata function)
    {
        const string Schedule = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"2026-11-20T10:00:00","Next":"2026-11-20T11:00:00","LastUpdated":"2026-11-20T10:00:00"},"IsPastDue":false}""";
        var request = New(function);
        request.InputData.Add(new ParameterBinding { Name = "timer", Data = new() { Json = Schedule } });
        return request;
    }

    public static InvocationRequest Warmup(RpcFunctionMetadata function)
    {
        var request = New(function);
        request.InputData.Add(new ParameterBinding { Name = "warmup", Data = new() { Json = "{}" } });
        return request;
    }

    /// <summary>Sequences come as numbers, keys as strings, times and properties as JSON text.</summary>
    public static InvocationRequest Batch(RpcFunctionMetadata function, HubEvents batch, int retryCount)
    {
        var request = New(function);
        var bodies = new CollectionString();
        bodies.String.AddRange(batch.Bodies);
        request.InputData.Add(new ParameterBinding { Name = "events", Data = new() { CollectionString = bodies } });
        var sequences = new CollectionSInt64();
        sequences.Sint64.AddRange(batch.Sequences);
        var keys = new CollectionString();
        keys.String.AddRange(batch.Bodies.Select(_ => ""));
        request.TriggerMetadata["SequenceNumberArray"] = new() { CollectionSint64 = sequences };
        request.TriggerMetadata["PartitionKeyArray"] = new() { CollectionString = keys };
        request.TriggerMetadata["EnqueuedTimeUtcArray"] = new() { Json = JsonSerializer.Serialize(batch.EnqueuedAt) };
        request.TriggerMetadata["PropertiesArray"] = new() { Json = JsonSerializer.Serialize(batch.Bodies.Select(_ => new { })) };
        request.TriggerMetadata["PartitionContext"] = new()
        {
            Json = $$"""{"FullyQualifiedNamespace":"hub.example","EventHubName":"feedback","ConsumerGroup":"serverlessrec","PartitionId":"{{batch.Partition}}"}""",
        };
        if (function.RetryOptions is { } retry)
        {
            request.RetryContext = new() { RetryCount = retryCount, MaxRetryCount = retry.MaxRetryCount };
        }

        return request;
    }

    private static InvocationRequest New(RpcFunctionMetadata function) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        FunctionId = function.FunctionId,
        TraceContext = new() { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01" },
    };
}
