using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Benchmarks.Retrain;

/// <summary>One day of a site as its store lives through it: new items into the catalogue log, feedback through the processor into states and archive.</summary>
internal static class LivedDay
{
    private const int EventsABatch = 100;

    public static async Task RunAsync(EmbeddedStore store, Dataset day, CancellationToken cancellationToken)
    {
        using var log = new CatalogueLog(store.Blobs);
        var morning = DateTimeOffset.FromUnixTimeMilliseconds(day.Interactions[0].UnixMilliseconds).UtcDateTime.Date;
        foreach (var batch in day.Items.Where(item => item.Timestamp?.UtcDateTime.Date == morning).Chunk(EventsABatch))
        {
            await log.AppendAsync([.. batch.Select(CatalogueChange.Put)], cancellationToken);
        }

        using var releases = new ReleaseHolder(store.Blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance);
        await releases.RefreshAsync(cancellationToken);
        await releases.FollowCatalogueAsync(cancellationToken);
        var processor = new FeedbackProcessor(
            store.Users,
            ReleaseInference.By(releases),
            FeedbackFiles.Over(store.Blobs, TimeProvider.System),
            new FeedbackRetries(),
            TimeProvider.System,
            NullLogger<FeedbackProcessor>.Instance);
        var sequence = 0L;
        foreach (var batch in day.Interactions.Chunk(EventsABatch))
        {
            await processor.ProcessAsync([.. batch.Select(one => Raw(day, one, sequence++))], cancellationToken);
        }
    }

    private static RawFeedback Raw(Dataset day, Interaction one, long sequence)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(one.UnixMilliseconds);
        var payload = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(payload))
        {
            FeedbackJson.Write(
                new FeedbackEvent
                {
                    FeedbackType = day.FeedbackTypes[one.Type],
                    UserId = day.Users[one.User].UserId,
                    ItemId = day.Items[one.Item].ItemId,
                    Value = one.Value,
                    Timestamp = moment,
                },
                json);
        }

        return new RawFeedback(0, sequence, moment, payload.WrittenMemory);
    }
}
