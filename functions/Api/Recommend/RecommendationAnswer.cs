using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Telemetry;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Recommend;

/// <summary>Answers with a list of recommendations and the headers that say where it came from and what it cost.</summary>
internal sealed class RecommendationAnswer(ApiMeter meter, TimeProvider clock)
{
    /// <summary>[{Id, Score}, …], with Explain in each when the caller asked for that.</summary>
    public Task ScoresAsync(HttpContext context, Recommendations recommendations)
    {
        SetHeaders(context, recommendations);
        return WriteScoresAsync(context, recommendations);
    }

    /// <summary>["id", …], or scores when the caller asked for version 2 or for explanations.</summary>
    public Task IdsAsync(HttpContext context, Recommendations recommendations)
    {
        SetHeaders(context, recommendations);
        return recommendations.Explanations is not null || context.Request.Headers["X-API-Version"] == "2"
            ? WriteScoresAsync(context, recommendations)
            : JsonAnswer.WriteAsync(context, recommendations.Items, Shapes.Ids);
    }

    private static Task WriteScoresAsync(HttpContext context, Recommendations recommendations) => recommendations.Explanations is null
        ? JsonAnswer.WriteAsync(context, recommendations.Items, Shapes.Scores)
        : JsonAnswer.WriteAsync(context, recommendations, Shapes.ExplainedScores);

    private void SetHeaders(HttpContext context, Recommendations recommendations)
    {
        var timings = recommendations.Timings;
        meter.Stages(timings);
        var headers = context.Response.Headers;
        headers["X-Recommendation-Id"] = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        if (recommendations.ReleaseId.Length > 0)
        {
            headers["X-Release"] = recommendations.ReleaseId;
        }

        headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"user;dur={timings.User.TotalMilliseconds:0.###}, retrieve;dur={timings.Retrieve.TotalMilliseconds:0.###}, rank;dur={timings.Rank.TotalMilliseconds:0.###}, total;dur={timings.Total.TotalMilliseconds:0.###}");
    }
}
