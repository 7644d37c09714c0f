using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Health;

/// <summary>Liveness and readiness, in Gorse's shape: the data store is the user store, the cache store is the loaded release.</summary>
internal sealed class HealthEndpoints(ReleaseHolder releases, IUserStore users)
{
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(2);

    /// <summary>200 as long as the process answers.</summary>
    public async Task LiveAsync(HttpContext context)
    {
        var state = await StateAsync(context.RequestAborted);
        await WriteAsync(context, state, StatusCodes.Status200OK);
    }

    /// <summary>200 when a release is loaded and the user store answers, 503 before.</summary>
    public async Task ReadyAsync(HttpContext context)
    {
        var state = await StateAsync(context.RequestAborted);
        if (!state.Ready)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await WriteAsync(context, state, state.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static Task WriteAsync(HttpContext context, State state, int status) =>
        JsonAnswer.WriteAsync(
            context,
            state,
            static (writer, state) =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("Ready"u8, state.Ready);
                writer.WriteBoolean("DataStoreConnected"u8, state.Users);
                writer.WriteBoolean("CacheStoreConnected"u8, state.Release is not null);
                writer.WriteString("Release"u8, state.Release);
                writer.WriteEndObject();
            },
            status);

    private async Task<State> StateAsync(CancellationToken aborted)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        timeout.CancelAfter(StoreTimeout);
        try
        {
            await users.CheckAsync(timeout.Token);
            return new State(true, releases.Manifest?.Id);
        }
        catch (Exception exception) when (exception is UserStoreException || !aborted.IsCancellationRequested)
        {
            return new State(false, releases.Manifest?.Id);
        }
    }

    private readonly record struct State(bool Users, string? Release)
    {
        public bool Ready => Users && Release is not null;
    }
}
