using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Rebuild;
using ServerlessRec.Api.Triggers;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Standalone.CustomHandler;

/// <summary>
/// What a Functions host calls besides HTTP functions: `POST /{FunctionName}` on the loopback port that it chose. Outsiders never get here: the
/// host passes on the routes of HTTP functions only, and none of those is a catch-all.
/// </summary>
internal static partial class HandlerFunctions
{
    // Anything but a 200 with exactly such an object is a failure to the host; a 204 would never end.
    private static readonly byte[] Done = """{"Outputs":{},"Logs":[],"ReturnValue":null}"""u8.ToArray();

    /// <summary>Listens to the functions; each is one call, and durable when it is answered.</summary>
    public static void Map(WebApplication app)
    {
        var processor = app.Services.GetRequiredService<FeedbackProcessor>();
        var rebuild = app.Services.GetRequiredService<ScheduledRebuild>();
        var releases = app.Services.GetRequiredService<ReleaseHolder>();
        var limits = app.Services.GetRequiredService<Api.ApiLimits>();
        Map(app, TriggerNames.UpdateUsers, async context =>
            await processor.ProcessAsync((await HandlerPayload.ReadBatchAsync(context)).ToFeedback(), context.RequestAborted));
        Map(app, TriggerNames.RebuildIndex, context => rebuild.RunAsync(context.RequestAborted));
        Map(app, TriggerNames.ReplayParked, context => processor.ReplayParkedAsync(context.RequestAborted));
        Map(app, TriggerNames.Warmup, context => releases.WaitForFirstLookAsync(limits.ReleaseWait, context.RequestAborted).AsTask());
    }

    private static void Map(WebApplication app, string function, Func<HttpContext, Task> run) => app.MapMethods("/" + function, ["POST"], async context =>
    {
        try
        {
            await run(context);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            LogFailure(app.Logger, exception, function);
            await ProblemAnswer.WriteAsync(context, new RequestException(StatusCodes.Status500InternalServerError, $"{function} failed; the log has the reason."));
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Done.Length;
        await context.Response.Body.WriteAsync(Done, context.RequestAborted);
    });

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed; the host runs it again where its retry policy says so.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string function);
}
