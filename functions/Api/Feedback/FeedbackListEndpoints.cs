using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Feedback;

/// <summary>Lists feedback over all users.</summary>
internal sealed class FeedbackListEndpoints(IUserStore users)
{
    /// <summary>One page of the users' recent histories and the cursor behind it.</summary>
    public async Task ListAsync(HttpContext context)
    {
        var type = PathValues.Optional(context, "feedbackType");
        var page = await Cursors.ReadAsync(
            context, async (cursor, count) => await FeedbackPages.ReadAsync(users, type, cursor, count, context.RequestAborted));
        await JsonAnswer.WriteAsync(
            context,
            page,
            static (writer, page) =>
            {
                writer.WriteStartObject();
                writer.WriteString("Cursor"u8, page.Cursor);
                writer.WritePropertyName("Feedback"u8);
                Shapes.FeedbackList(writer, page.Feedback);
                writer.WriteEndObject();
            });
    }

    /// <summary>Feedback lies with its user, and no list by item is kept: 501.</summary>
    public static Task OfItemAsync(HttpContext context) => throw new RequestException(
        StatusCodes.Status501NotImplemented,
        "Feedback by item is not offered: it is kept by user. Read /user/{id}/feedback, or all of it by /feedback.")
    { Field = "itemId" };
}
