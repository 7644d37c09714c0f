using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Feedback;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Recommend;

/// <summary>Everything that answers with a list of recommended items.</summary>
internal sealed class RecommendationEndpoints(
    RecommendationService service, IFeedbackLog feedback, RecommendationAnswer answer, ApiLimits limits, TimeProvider clock)
{
    /// <summary>For a user; an unknown one gets popular and fresh items.</summary>
    public async Task ForUserAsync(HttpContext context)
    {
        var userId = PathValues.Required(context, "userId");
        var query = RecommendationQueries.Read(context);
        var writeBack = WriteBack.Read(context);
        var recommendations = await service.RecommendAsync(userId, query, context.RequestAborted);
        if (writeBack is not null && recommendations.Items.Count > 0)
        {
            await feedback.AppendAsync(writeBack.Events(userId, recommendations.Items, clock.GetUtcNow()), context.RequestAborted);
        }

        await answer.IdsAsync(context, recommendations);
    }

    /// <summary>For a user, the retrieval stage alone, scored.</summary>
    public async Task RetrieveAsync(HttpContext context)
    {
        var userId = PathValues.Required(context, "userId");
        var query = RecommendationQueries.Read(context) with { RetrievalOnly = true };
        await answer.ScoresAsync(context, await service.RecommendAsync(userId, query, context.RequestAborted));
    }

    /// <summary>For the feedback of one anonymous session.</summary>
    public async Task ForSessionAsync(HttpContext context)
    {
        var query = RecommendationQueries.Read(context);
        var now = clock.GetUtcNow();
        var session = await RequestBody.ReadAsync(
            context,
            limits.MaxBodyBytes,
            (ref reader) => FeedbackBody.Read(ref reader, now, overwrite: false, session: true));
        await answer.ScoresAsync(context, await service.RecommendSessionAsync(session, query, context.RequestAborted));
    }

    /// <summary>Items similar to an item; none for an unknown one, as Gorse answers.</summary>
    public async Task NeighborsAsync(HttpContext context)
    {
        var itemId = PathValues.Required(context, "itemId");
        var query = RecommendationQueries.Read(context);
        var neighbors = await service.NeighborsAsync(itemId, query, context.RequestAborted);
        await answer.ScoresAsync(context, neighbors ?? new Recommendations([], "", default));
    }

    /// <summary>Popular items.</summary>
    public async Task PopularAsync(HttpContext context)
    {
        var query = RecommendationQueries.Read(context);
        await answer.ScoresAsync(context, await service.PopularAsync(query, context.RequestAborted));
    }

    /// <summary>Newest items; the score is the publish time in seconds since 1970.</summary>
    public async Task LatestAsync(HttpContext context)
    {
        var query = RecommendationQueries.Read(context);
        await answer.ScoresAsync(context, await service.LatestAsync(query, context.RequestAborted));
    }

    /// <summary>A list that is the same for everybody, by name.</summary>
    public Task NonPersonalizedAsync(HttpContext context) => PathValues.Required(context, "name") switch
    {
        "popular" => PopularAsync(context),
        "latest" => LatestAsync(context),
        var name => throw RequestException.NotFound("name", $"There is no list '{name}'; there are popular and latest."),
    };
}
