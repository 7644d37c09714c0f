using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Recommend;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Users;

/// <summary>Answers with similar users.</summary>
internal sealed class UserNeighborsEndpoint(SimilarUsers similar, RecommendationAnswer answer)
{
    /// <summary>The users most like one; none for an unknown user, as Gorse answers.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var userId = PathValues.Required(context, "userId");
        var query = new RecommendQuery { Count = QueryValues.Count(context), Offset = QueryValues.Offset(context) };
        await answer.ScoresAsync(context, await similar.FindAsync(userId, query, context.RequestAborted));
    }
}
