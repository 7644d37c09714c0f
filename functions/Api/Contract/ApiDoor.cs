using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Rates;
using ServerlessRec.Api.Requests;
using ServerlessRec.Api.Telemetry;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Filters;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Contract;

/// <summary>Runs a route's handler for any door: key first, and every failure becomes a problem. No exception leaves it. Any thread.</summary>
public sealed partial class ApiDoor(
    KeyGate gate, RateGate rates, ReleaseHolder releases, ApiLimits limits, ApiMeter meter, TimeProvider clock, ILogger<ApiDoor> logger)
{
    private static readonly TimeSpan LoadRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(2);

    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext context, ApiRoute route)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(route);
        var begun = clock.GetTimestamp();
        try
        {
            gate.Check(context, route.Scope);
            rates.Check(context, route.Scope);
            QueryValues.CheckEncoding(context);
            if (route.Scope == KeyScope.Read)
            {
                await releases.WaitForFirstLookAsync(limits.ReleaseWait, context.RequestAborted);
            }

            await route.Handler(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone: there is nobody to answer.
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, route, exception);
        }

        meter.Request(route.Name, context.Response.StatusCode, clock.GetElapsedTime(begun));
    }

    private async Task AnswerAsync(HttpContext context, ApiRoute route, Exception exception)
    {
        var problem = exception switch
        {
            RequestException known => known,
            BadHttpRequestException bad => new RequestException(bad.StatusCode, bad.Message),
            FilterSyntaxException => RequestException.Invalid("filter", exception.Message),
            ReleaseNotLoadedException => RequestException.Unavailable(exception.Message, LoadRetry),
            ReleaseNotFoundException => RequestException.NotFound("releaseId", exception.Message),
            ReleaseDamagedException or ReleaseConflictException => new RequestException(StatusCodes.Status409Conflict, exception.Message),
            FeedbackLogBusyException => RequestException.Unavailable("More feedback comes than can be written. Nothing was taken; send it again later.", StoreRetry),
            FeedbackLogException => RequestException.Unavailable(
                "The feedback log does not answer. Send the same feedback again; with an EventId a repeat counts once.", StoreRetry),
            UserStoreException => RequestException.Unavailable("The user store does not answer. Nothing was changed; try again.", StoreRetry),
            BlobStoreException => RequestException.Unavailable("The blob store does not answer. Nothing was changed; try again.", StoreRetry),
            _ => new RequestException(StatusCodes.Status500InternalServerError, "The server failed. The log has the reason under this trace id."),
        };
        if (problem.Status >= StatusCodes.Status500InternalServerError && exception is not (RequestException or ReleaseNotLoadedException))
        {
            LogFailure(exception, route.Name, ProblemAnswer.TraceIdOf(context));
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await ProblemAnswer.WriteAsync(context, problem);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Route} failed (trace {TraceId}).")]
    private partial void LogFailure(Exception exception, string route, string traceId);
}
