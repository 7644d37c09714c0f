using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ServerlessRec.EventHubsEndpoint.Requests;

/// <summary>
/// A node that answers requests: each comes in on one link of a connection, and its answer goes out on that connection's link whose target is the
/// request's reply address, or whose name is, where the link has no target. Thread-safe.
/// </summary>
/// <param name="answer">Makes the answer to a request.</param>
internal sealed class RequestNode(Func<AmqpMessage, AmqpMessage> answer)
{
    private const uint Credit = 50;

    private readonly ConcurrentDictionary<(AmqpConnection Connection, string Address), SendingAmqpLink> _replies = new();
    private long _tag;

    /// <summary>What the endpoint says when a request link is attached.</summary>
    public static void Prepare(AmqpLinkSettings settings)
    {
        settings.TotalLinkCredit = Credit;
        settings.AutoSendFlow = true;
    }

    public void Attach(AmqpLink link)
    {
        var connection = link.Session.Connection;
        if (link is ReceivingAmqpLink requests)
        {
            requests.RegisterMessageListener(message => Answer(requests, connection, message));
            return;
        }

        var target = (link.Settings.Target as Target)?.Address?.ToString();
        var key = (connection, string.IsNullOrEmpty(target) ? link.Name : target);
        _replies[key] = (SendingAmqpLink)link;
        link.SafeAddClosed((_, _) => _replies.TryRemove(new(key, (SendingAmqpLink)link)));
    }

    private void Answer(ReceivingAmqpLink requests, AmqpConnection connection, AmqpMessage request)
    {
        using (request)
        {
            var replyTo = request.Properties.ReplyTo?.ToString() ?? "";
            var response = answer(request);
            response.Properties.CorrelationId = request.Properties.MessageId;
            requests.AcceptMessage(request, settled: true, batchable: false);
            if (_replies.TryGetValue((connection, replyTo), out var replies))
            {
                replies.SendMessageNoWait(response, BitConverter.GetBytes(Interlocked.Increment(ref _tag)), AmqpConstants.NullBinary);
            }
        }
    }
}
