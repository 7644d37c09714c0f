using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ServerlessRec.EventHubsEndpoint.Publishing;

/// <summary>
/// The bodies of the events in a message: one event, or a batch whose data sections are whole messages. Bodies alone are kept; properties beside
/// them are not part of a feedback.
/// </summary>
internal static class MessageBodies
{
    public static IEnumerable<byte[]> Of(AmqpMessage message)
    {
        if (message.MessageFormat != EventNames.BatchFormat)
        {
            yield return Body(message);
            yield break;
        }

        foreach (var encoded in message.DataBody)
        {
            using var inner = AmqpMessage.CreateAmqpStreamMessage(new BufferListStream([Bytes(encoded)]), true);
            yield return Body(inner);
        }
    }

    private static byte[] Body(AmqpMessage message)
    {
        var sections = message.DataBody?.ToList() ?? [];
        return sections switch
        {
            [var only] => [.. Bytes(only)],
            _ => [.. sections.SelectMany(section => Bytes(section))],
        };
    }

    private static ArraySegment<byte> Bytes(Data section) => section.Value switch
    {
        ArraySegment<byte> bytes => bytes,
        byte[] bytes => bytes,
        _ => default,
    };
}
