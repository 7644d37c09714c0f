using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Users;

/// <summary>Changes users. An answer means that the change is durable.</summary>
internal sealed class UserWriteEndpoints(IUserStore users, ApiLimits limits, TimeProvider clock)
{
    /// <summary>Adds or replaces one user; the history stays.</summary>
    public async Task PutOneAsync(HttpContext context)
    {
        var user = await RequestBody.ReadAsync(context, limits.MaxBodyBytes, UserBody.ReadOne);
        await UserProfiles.PutAsync(users, [user], context.RequestAborted);
        await RowsAffected.WriteAsync(context, 1);
    }

    /// <summary>Adds or replaces users; their histories stay.</summary>
    public async Task PutManyAsync(HttpContext context)
    {
        var read = await RequestBody.ReadAsync(context, limits.MaxBodyBytes, UserBody.ReadMany);
        await UserProfiles.PutAsync(users, read, context.RequestAborted);
        await RowsAffected.WriteAsync(context, read.Count);
    }

    /// <summary>Changes the fields that the body names; no row when the user is unknown.</summary>
    public async Task PatchAsync(HttpContext context)
    {
        var userId = PathValues.Required(context, "userId");
        var patch = await RequestBody.ReadAsync(context, limits.MaxBodyBytes, UserBody.ReadPatch);
        var found = await UserProfiles.PatchAsync(users, userId, patch.ApplyTo, context.RequestAborted);
        await RowsAffected.WriteAsync(context, found ? 1 : 0);
    }

    /// <summary>Forgets a user with the history; no row when the user is unknown.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        var userId = PathValues.Required(context, "userId");
        var found = await UserDeletion.RunAsync(users, userId, clock.GetUtcNow(), context.RequestAborted);
        await RowsAffected.WriteAsync(context, found ? 1 : 0);
    }
}
