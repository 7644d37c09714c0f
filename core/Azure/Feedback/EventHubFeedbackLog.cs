using System.Buffers;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Azure.Feedback;

/// <summary>
/// <see cref="IFeedbackLog"/> in an event hub. The partition key is the user id; a user's events of one call travel as one batch. Every event
/// has an id before it is sent, so that a sending that is repeated counts once.
/// </summary>
/// <remarks>
/// What waits for the hub is bounded: more is refused as busy before anything is sent. A hub that does not confirm in
/// <see cref="EventHubLimits.AppendTimeout"/> is away. Thread-safe.
/// </remarks>
public sealed class EventHubFeedbackLog : IFeedbackLog, IAsyncDisposable
{
    private const string ContentType = "application/json";

    private readonly EventHubProducerClient _producer;
    private readonly SemaphoreSlim _sending = new(EventHubLimits.ParallelSends);
    private int _waiting;

    internal EventHubFeedbackLog(EventHubProducerClient producer) => _producer = producer;

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<FeedbackEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (Interlocked.Add(ref _waiting, events.Count) > EventHubLimits.MaxWaiting && events.Count > 0)
        {
            Interlocked.Add(ref _waiting, -events.Count);
            throw new FeedbackLogBusyException($"More than {EventHubLimits.MaxWaiting} events would wait for the event hub; send again later.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(EventHubLimits.AppendTimeout);
        try
        {
            await Task.WhenAll(events.GroupBy(feedback => feedback.UserId, StringComparer.Ordinal)
                .Select(user => SendAsync(user.Key, [.. user], stop.Token))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FeedbackLogException($"The event hub did not confirm within {EventHubLimits.AppendTimeout.TotalSeconds} s.");
        }
        catch (Exception fault) when (fault is EventHubsException or TimeoutException || ServiceFault.Is(fault, cancellationToken))
        {
            throw new FeedbackLogException($"The event hub does not take feedback: {EventHubFault.Describe(fault)}.", fault);
        }
        finally
        {
            Interlocked.Add(ref _waiting, -events.Count);
        }
    }

    /// <summary>Closes the connection; no append may be under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync().ConfigureAwait(false);
        _sending.Dispose();
    }

    private async Task SendAsync(string userId, FeedbackEvent[] events, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var sent = 0; sent < events.Length;)
            {
                using var batch = await _producer.CreateBatchAsync(new CreateBatchOptions { PartitionKey = userId }, cancellationToken).ConfigureAwait(false);
                while (sent < events.Length && batch.TryAdd(Encode(events[sent])))
                {
                    sent++;
                }

                if (batch.Count == 0)
                {
                    throw new FeedbackLogException($"An event is larger than the {batch.MaximumSizeInBytes} bytes that the event hub takes at once: shorten its labels and comment.");
                }

                await _producer.SendAsync(batch, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private static EventData Encode(FeedbackEvent feedback)
    {
        var id = feedback.EventId ?? Guid.NewGuid().ToString("N");
        var body = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true });
        FeedbackJson.Write(feedback with { EventId = id }, json);
        json.Flush();
        return new EventData(body.WrittenMemory) { MessageId = id, ContentType = ContentType };
    }
}
