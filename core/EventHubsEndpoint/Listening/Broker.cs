using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transport;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.EventHubsEndpoint.Publishing;
using ServerlessRec.EventHubsEndpoint.Reading;
using ServerlessRec.EventHubsEndpoint.Requests;

namespace ServerlessRec.EventHubsEndpoint.Listening;

/// <summary>Gives every link that a client attaches to what serves it, or refuses it with the service's own words. Thread-safe.</summary>
internal sealed class Broker(string hub, PartitionedFeedbackLog log, OwnedTasks tasks, DateTimeOffset openedAt) : IRuntimeProvider
{
    private const string Tokens = "$cbs";
    private const string Management = "$management";

    private readonly PartitionChoice _choice = new(log.Partitions);
    private readonly PartitionOwners _owners = new();
    private readonly ReadPlaces _places = new(log);
    private readonly RequestNode _tokens = new(HubAnswers.Token);
    private readonly RequestNode _management = new(new HubAnswers(hub, log, openedAt).Management);

    /// <inheritdoc/>
    public AmqpConnection CreateConnection(
        TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings, AmqpConnectionSettings connectionSettings) =>
        new(transport, protocolHeader, false, amqpSettings, connectionSettings);

    /// <inheritdoc/>
    public AmqpSession CreateSession(AmqpConnection connection, AmqpSessionSettings settings) => new(connection, settings, this);

    /// <inheritdoc/>
    public AmqpLink CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Role != true)
        {
            return new SendingAmqpLink(session, settings);
        }

        if (AddressOf(settings) is Tokens or Management)
        {
            RequestNode.Prepare(settings);
        }
        else
        {
            PublisherLink.Prepare(settings);
        }

        return new ReceivingAmqpLink(session, settings);
    }

    /// <inheritdoc/>
    public IAsyncResult BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state)
    {
        ArgumentNullException.ThrowIfNull(link);
        Serve(link, AddressOf(link.Settings));
        var opened = new TaskCompletionSource(state);
        opened.SetResult();
        callback?.Invoke(opened.Task);
        return opened.Task;
    }

    /// <inheritdoc/>
    public void EndOpenLink(IAsyncResult result)
    {
    }

    private static string AddressOf(AmqpLinkSettings settings) =>
        (settings.Role == true ? (settings.Target as Target)?.Address : (settings.Source as Source)?.Address)?.ToString()?.Trim('/') ?? "";

    private void Serve(AmqpLink link, string address)
    {
        if (address == Tokens)
        {
            _tokens.Attach(link);
        }
        else if (address == Management || address.EndsWith("/" + Management, StringComparison.Ordinal))
        {
            _management.Attach(link);
        }
        else if (HubAddress.Parse(address) is not { } place || !place.Hub.Equals(hub, StringComparison.OrdinalIgnoreCase) || place.Partition >= log.Partitions)
        {
            throw new AmqpException(AmqpErrorCode.NotFound, $"The messaging entity '{address}' could not be found.");
        }
        else if (link is ReceivingAmqpLink publisher)
        {
            PublisherLink.Attach(publisher, log, _choice, place.Partition, tasks);
        }
        else if (place is { ConsumerGroup: { } group, Partition: { } partition })
        {
            _owners.Admit(link, group, partition, link.Settings.Properties?.TryGetValue<long>(EventNames.OwnerLevel, out var level) == true ? level : null);
            SubscriberLink.Attach((SendingAmqpLink)link, log, partition, _places, tasks);
        }
        else
        {
            throw new AmqpException(AmqpErrorCode.NotFound, $"The messaging entity '{address}' could not be found: a reader names a consumer group and a partition.");
        }
    }
}
