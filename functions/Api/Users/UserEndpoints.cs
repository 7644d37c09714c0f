using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Users;

/// <summary>Reads users.</summary>
internal sealed class UserEndpoints(IUserStore users, FeedbackBarrier applied)
{
    /// <summary>One user. Somebody whose first feedback was accepted is one.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var userId = PathValues.Required(context, "userId");
        var user = await FindAsync(userId, context.RequestAborted);
        if (user is null)
        {
            await applied.WaitAsync(userId, context.RequestAborted);
            user = await FindAsync(userId, context.RequestAborted) ?? throw RequestException.NotFound("userId", "There is no such user.");
        }

        await JsonAnswer.WriteAsync(context, user, Shapes.User);
    }

    /// <summary>One page of users and the cursor behind it.</summary>
    public async Task ListAsync(HttpContext context)
    {
        var page = await Cursors.ReadAsync(context, (cursor, count) => users.ListAsync(cursor, count, context.RequestAborted));
        await JsonAnswer.WriteAsync(
            context,
            page,
            static (writer, page) =>
            {
                writer.WriteStartObject();
                writer.WriteString("Cursor"u8, page.Cursor);
                writer.WriteStartArray("Users"u8);
                foreach (var user in page.Users)
                {
                    Shapes.User(writer, user);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
    }

    private async Task<User?> FindAsync(string userId, CancellationToken cancellationToken) =>
        await users.ReadAsync(userId, cancellationToken) is { State.IsDeleted: false } stored ? stored.State.User : null;
}
