using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessRec.FunctionsHost.Host;

/// <summary>What the real host posts to a custom handler: arrays as JSON in strings, objects as objects.</summary>
internal static class HandlerInvocations
{
    public static JsonContent Batch(HubEvents batch, int retryCount) => JsonContent.Create(new JsonObject
    {
        ["Data"] = new JsonObject { ["events"] = JsonSerializer.Serialize(batch.Bodies) },
        ["Metadata"] = new JsonObject
        {
            ["PartitionContext"] = new JsonObject
            {
                ["FullyQualifiedNamespace"] = "hub.example",
                ["EventHubName"] = "feedback",
                ["ConsumerGroup"] = "serverlessrec",
                ["PartitionId"] = $"{batch.Partition}",
            },
            ["PartitionKeyArray"] = JsonSerializer.Serialize(batch.Bodies.Select(_ => "")),
            ["SequenceNumberArray"] = JsonSerializer.Serialize(batch.Sequences),
            ["EnqueuedTimeUtcArray"] = JsonSerializer.Serialize(batch.EnqueuedAt),
            ["RetryContext"] = new JsonObject { ["RetryCount"] = retryCount, ["MaxRetryCount"] = -1 },
            ["sys"] = Sys("UpdateUsers"),
        },
    });

    public static JsonContent Timer(string function) => JsonContent.Create(new JsonObject
    {
        ["Data"] = new JsonObject
        {
            ["timer"] = new JsonObject { ["Schedule"] = new JsonObject { ["AdjustForDST"] = true }, ["ScheduleStatus"] = null, ["IsPastDue"] = false },
        },
        ["Metadata"] = new JsonObject { ["sys"] = Sys(function) },
    });

    private static JsonObject Sys(string function) => new()
    {
        ["MethodName"] = function,
        ["UtcNow"] = "2026-11-20T10:00:00.000Z",
        ["RandGuid"] = Guid.NewGuid().ToString(),
    };
}
