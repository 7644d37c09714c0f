using System.Globalization;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using ServerlessRec.Embedded.Feedback;

namespace ServerlessRec.EventHubsEndpoint.Requests;

/// <summary>Answers what clients ask before they send or read: may I ($cbs, always), and what is there ($management).</summary>
internal sealed class HubAnswers(string hub, PartitionedFeedbackLog log, DateTimeOffset openedAt)
{
    public static AmqpMessage Token(AmqpMessage request) => Status(AmqpMessage.Create(), 202, "Accepted");

    public AmqpMessage Management(AmqpMessage request)
    {
        var asked = request.ApplicationProperties.Map;
        if (Text(asked, "operation") != "READ")
        {
            return Status(AmqpMessage.Create(), 400, "Only READ is answered.");
        }

        if (!string.Equals(Text(asked, "name"), hub, StringComparison.OrdinalIgnoreCase))
        {
            return Status(AmqpMessage.Create(), 404, $"The messaging entity '{Text(asked, "name")}' could not be found.");
        }

        return Text(asked, "type") switch
        {
            "com.microsoft:eventhub" => Status(Value(Hub()), 200, "OK"),
            "com.microsoft:partition" when PartitionOf(asked) is { } partition => Status(Value(Partition(partition)), 200, "OK"),
            "com.microsoft:partition" => Status(AmqpMessage.Create(), 404, "The messaging entity could not be found: there is no such partition."),
            var other => Status(AmqpMessage.Create(), 400, $"There is nothing of type '{other}'."),
        };
    }

    private static AmqpMessage Value(AmqpMap map) => AmqpMessage.Create(new AmqpValue { Value = map });

    private static AmqpMessage Status(AmqpMessage message, int code, string description)
    {
        message.ApplicationProperties.Map["status-code"] = code;
        message.ApplicationProperties.Map["status-description"] = description;
        return message;
    }

    private static string? Text(PropertiesMap map, string name) => map.TryGetValue<object>(name, out var value) ? value?.ToString() : null;

    private static string Id(int partition) => partition.ToString(CultureInfo.InvariantCulture);

    private int? PartitionOf(PropertiesMap asked) =>
        int.TryParse(Text(asked, "partition"), NumberStyles.None, CultureInfo.InvariantCulture, out var partition) && partition < log.Partitions ? partition : null;

    private AmqpMap Hub() => new()
    {
        [new MapKey("name")] = hub,
        [new MapKey("type")] = "com.microsoft:eventhub",
        [new MapKey("created_at")] = openedAt.UtcDateTime,
        [new MapKey("partition_count")] = log.Partitions,
        [new MapKey("partition_ids")] = Enumerable.Range(0, log.Partitions).Select(Id).ToArray(),
        [new MapKey("georeplication_factor")] = 1,
    };

    private AmqpMap Partition(int partition)
    {
        var range = log.RangeOf(partition);
        var isEmpty = range.Next == range.Begin;
        var last = isEmpty ? -1 : range.Next - 1;
        return new()
        {
            [new MapKey("name")] = hub,
            [new MapKey("type")] = "com.microsoft:partition",
            [new MapKey("partition")] = Id(partition),
            [new MapKey("begin_sequence_number")] = isEmpty ? -1 : range.Begin,
            [new MapKey("last_enqueued_sequence_number")] = last,
            [new MapKey("last_enqueued_offset")] = last.ToString(CultureInfo.InvariantCulture),
            [new MapKey("last_enqueued_time_utc")] = range.LastAcceptedAt.UtcDateTime,
            [new MapKey("is_partition_empty")] = isEmpty,
        };
    }
}
