using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Api.Releases;

/// <summary>Lists releases, promotes one and goes back. The pointer changes for every instance; this one takes it up before it answers.</summary>
internal sealed class ReleaseEndpoints(ReleaseStore store, ReleaseLoader loader, ReleaseHolder holder)
{
    /// <summary>Every whole release, newest first; damaged ones with their problem.</summary>
    public async Task ListAsync(HttpContext context)
    {
        var current = await store.ReadCurrentAsync(context.RequestAborted);
        var releases = await store.ListAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new ReleaseList(current?.Current, holder.Manifest?.Id, holder.Problem, releases), ReleaseShapes.List);
    }

    /// <summary>Makes a release the current one, after every byte of it was checked.</summary>
    public async Task PromoteAsync(HttpContext context)
    {
        var id = PathValues.Required(context, "releaseId");
        if (holder.Manifest?.Id != id)
        {
            using var whole = await loader.LoadAsync(id, cancellationToken: context.RequestAborted);
        }

        await store.PromoteAsync(id, context.RequestAborted);
        await AnswerServedAsync(context);
    }

    /// <summary>Goes back to the release that served before.</summary>
    public async Task RollbackAsync(HttpContext context)
    {
        try
        {
            await store.RollbackAsync(context.RequestAborted);
        }
        catch (ReleaseNotFoundException exception)
        {
            throw new RequestException(StatusCodes.Status409Conflict, exception.Message);
        }

        await AnswerServedAsync(context);
    }

    private async Task AnswerServedAsync(HttpContext context)
    {
        await holder.RefreshAsync(context.RequestAborted);
        var current = await store.ReadCurrentAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new ReleaseList(current?.Current, holder.Manifest?.Id, holder.Problem, []), ReleaseShapes.Served);
    }
}
