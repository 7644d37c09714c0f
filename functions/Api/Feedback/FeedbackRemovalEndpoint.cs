using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Requests;
using ServerlessRec.Api.Users;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Feedback;

/// <summary>Removes feedback from a user's history, what this process accepted before among it.</summary>
internal sealed class FeedbackRemovalEndpoint(IUserStore users, FeedbackBarrier applied)
{
    /// <summary>What a user told of an item, or one type of it; no row when there is none.</summary>
    public async Task RunAsync(HttpContext context)
    {
        var userId = PathValues.Required(context, "userId");
        var type = PathValues.Optional(context, "feedbackType");
        await applied.WaitAsync(userId, context.RequestAborted);
        var removed = await FeedbackRemoval.RunAsync(
            users, userId, PathValues.Required(context, "itemId"), type, context.RequestAborted);
        await RowsAffected.WriteAsync(context, removed);
    }
}
