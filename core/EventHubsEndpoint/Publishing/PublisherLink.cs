using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.EventHubsEndpoint.Listening;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.EventHubsEndpoint.Publishing;

/// <summary>Takes a publisher's messages into the log. A message is accepted when the log has all its events durably, and rejected as busy otherwise.</summary>
internal sealed class PublisherLink
{
    /// <summary>Bytes of a message at most, as in the service.</summary>
    public const ulong MaxMessageBytes = 1 << 20;

    private const uint Credit = 500;

    private readonly ReceivingAmqpLink _link;
    private readonly PartitionedFeedbackLog _log;
    private readonly PartitionChoice _choice;
    private readonly int? _partition;

    private PublisherLink(ReceivingAmqpLink link, PartitionedFeedbackLog log, PartitionChoice choice, int? partition) =>
        (_link, _log, _choice, _partition) = (link, log, choice, partition);

    /// <summary>What the endpoint says when such a link is attached.</summary>
    public static void Prepare(AmqpLinkSettings settings)
    {
        settings.MaxMessageSize = MaxMessageBytes;
        settings.TotalLinkCredit = Credit;
        settings.AutoSendFlow = true;
    }

    public static void Attach(ReceivingAmqpLink link, PartitionedFeedbackLog log, PartitionChoice choice, int? partition, OwnedTasks tasks)
    {
        var publisher = new PublisherLink(link, log, choice, partition);
        link.RegisterMessageListener(message => tasks.Run(() => publisher.TakeAsync(message)));
    }

    private async Task TakeAsync(AmqpMessage message)
    {
        using (message)
        {
            Error error;
            try
            {
                var key = message.MessageAnnotations.Map.TryGetValue<string>(EventNames.PartitionKey, out var found) ? found : null;
                var partition = _partition ?? _choice.Of(key);
                await _log.AppendAsync([.. MessageBodies.Of(message).Select(body => new RawAppend(partition, body))], CancellationToken.None).ConfigureAwait(false);
                _link.AcceptMessage(message, settled: true, batchable: true);
                return;
            }
            catch (FeedbackLogException refused)
            {
                error = new Error { Condition = EventNames.ServerBusy, Description = refused.Message };
            }
            catch (Exception malformed) when (malformed is AmqpException or ArgumentException or InvalidCastException)
            {
                error = new Error { Condition = AmqpErrorCode.DecodeError, Description = malformed.Message };
            }

            _link.DisposeMessage(message, new Rejected { Error = error }, settled: true, batchable: false);
        }
    }
}
