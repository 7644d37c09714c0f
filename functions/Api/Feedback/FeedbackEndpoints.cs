using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Api.Feedback;

/// <summary>
/// Takes feedback. An answer means that the log holds every event durably and that its items exist; 503 means that the caller must send them
/// again. Users nobody knew exist when their first event is applied.
/// </summary>
internal sealed class FeedbackEndpoints(IFeedbackLog log, CatalogueService catalogue, ApiLimits limits, TimeProvider clock)
{
    /// <summary>Adds feedback; the value of a repeat is added.</summary>
    public Task AddAsync(HttpContext context) => AppendAsync(context, overwrite: false);

    /// <summary>Adds feedback; the value of a repeat replaces the earlier one.</summary>
    public Task OverwriteAsync(HttpContext context) => AppendAsync(context, overwrite: true);

    private async Task AppendAsync(HttpContext context, bool overwrite)
    {
        var now = clock.GetUtcNow();
        var events = await RequestBody.ReadAsync(
            context,
            limits.MaxBodyBytes,
            (ref reader) => FeedbackBody.Read(ref reader, now, overwrite, session: false));
        if (events.Count > 0)
        {
            await catalogue.CreateMissingAsync([.. events.Select(one => one.ItemId)], context.RequestAborted);
            await log.AppendAsync(events, context.RequestAborted);
        }

        await RowsAffected.WriteAsync(context, events.Count);
    }
}
