using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Worker.Http;

/// <summary>
/// Turns a failure around an HTTP function, such as one while its class is made, into a problem; without it the worker answers an empty 200.
/// Failures of other functions go on to the host, which runs the invocation again.
/// </summary>
internal sealed partial class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.GetHttpContext() is not null)
        {
            LogFailure(exception, context.FunctionDefinition.Name);
            context.GetInvocationResult().Value = Problem.Instance;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed outside its handler.")]
    private partial void LogFailure(Exception exception, string function);

    private sealed class Problem : IResult
    {
        public static readonly Problem Instance = new();

        public Task ExecuteAsync(HttpContext httpContext) => ProblemAnswer.WriteAsync(
            httpContext,
            new RequestException(StatusCodes.Status500InternalServerError, "The server failed. The log has the reason under this trace id."));
    }
}
