using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Rebuilding;

namespace ServerlessRec.Api.Rebuild;

/// <summary>Rebuilds on demand. A caller who goes away stops nothing.</summary>
internal sealed class RebuildEndpoint(RebuildOnDemand rebuild, TimeProvider clock)
{
    // Front doors, that of Azure Functions among them, give a request up after 230 seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(200);

    /// <summary>
    /// Rebuilds and answers 200 when the new release serves here, 409 with the reason when none was published, and 202 when the caller does not
    /// wait (wait=false) or it takes long: asking again then joins the rebuild that runs.
    /// </summary>
    public async Task RunAsync(HttpContext context)
    {
        var force = QueryValues.Flag(context, "force", fallback: false);
        var waits = QueryValues.Flag(context, "wait", fallback: true);
        var running = rebuild.RunAsync(force);
        try
        {
            await AnswerAsync(context, await running.WaitAsync(waits ? Patience : TimeSpan.Zero, clock, context.RequestAborted));
        }
        catch (TimeoutException)
        {
            await JsonAnswer.WriteAsync(
                context, "A rebuild runs; ask again to wait for it, or look at the releases.", WriteAccepted, StatusCodes.Status202Accepted);
        }
    }

    private static Task AnswerAsync(HttpContext context, RebuildOutcome outcome) =>
        outcome.Result is RebuildResult.Refused or RebuildResult.Overtaken or RebuildResult.NoRelease
            ? throw new RequestException(StatusCodes.Status409Conflict, outcome.Reason)
            : JsonAnswer.WriteAsync(context, outcome, Write);

    private static void WriteAccepted(Utf8JsonWriter writer, string reason)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("Published"u8, false);
        writer.WriteNull("ReleaseId"u8);
        writer.WriteString("Reason"u8, reason);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, RebuildOutcome outcome)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("Published"u8, outcome.Result == RebuildResult.Published);
        writer.WriteString("ReleaseId"u8, outcome.ReleaseId);
        writer.WriteString("Reason"u8, outcome.Reason);
        writer.WriteNumber("Items"u8, outcome.Items);
        writer.WriteNumber("Changes"u8, outcome.Changes);
        if (outcome.Recall is { } recall)
        {
            writer.WriteNumber("Recall"u8, recall);
        }

        writer.WriteEndObject();
    }
}
