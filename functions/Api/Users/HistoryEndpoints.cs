using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Users;

/// <summary>Reads users' histories, newest first; an unknown user has none. What this process accepted before is in them.</summary>
internal sealed class HistoryEndpoints(IUserStore users, FeedbackBarrier applied)
{
    /// <summary>The whole history, or one feedback type of it.</summary>
    public async Task OfUserAsync(HttpContext context)
    {
        var history = await ReadAsync(context, PathValues.Optional(context, "feedbackType"));
        await JsonAnswer.WriteAsync(context, history, Shapes.FeedbackList);
    }

    /// <summary>What a user told of one item.</summary>
    public async Task OfUserAndItemAsync(HttpContext context)
    {
        var itemId = PathValues.Required(context, "itemId");
        var history = await ReadAsync(context, null);
        await JsonAnswer.WriteAsync(context, history.Where(entry => entry.ItemId == itemId), Shapes.FeedbackList);
    }

    /// <summary>One feedback: type, user and item are given.</summary>
    public async Task OneAsync(HttpContext context)
    {
        var itemId = PathValues.Required(context, "itemId");
        var history = await ReadAsync(context, PathValues.Required(context, "feedbackType"));
        var found = history.FirstOrDefault(entry => entry.ItemId == itemId)
            ?? throw RequestException.NotFound("itemId", "There is no such feedback in the user's recent history.");
        await JsonAnswer.WriteAsync(context, found, Shapes.Feedback);
    }

    private async Task<IReadOnlyList<FeedbackEvent>> ReadAsync(HttpContext context, string? feedbackType)
    {
        var userId = PathValues.Required(context, "userId");
        await applied.WaitAsync(userId, context.RequestAborted);
        var stored = await users.ReadAsync(userId, context.RequestAborted);
        return stored is null ? [] : FoldedHistory.Of(stored.State, feedbackType);
    }
}
