using Microsoft.Azure.Amqp.Encoding;

namespace ServerlessRec.EventHubsEndpoint;

/// <summary>The words of Event Hubs' protocol over AMQP.</summary>
internal static class EventNames
{
    /// <summary>Format of a message whose data sections are whole messages.</summary>
    public const uint BatchFormat = 0x80013700;

    public static readonly AmqpSymbol PartitionKey = "x-opt-partition-key";
    public static readonly AmqpSymbol SequenceNumber = "x-opt-sequence-number";
    public static readonly AmqpSymbol Offset = "x-opt-offset";
    public static readonly AmqpSymbol EnqueuedTime = "x-opt-enqueued-time";
    public static readonly AmqpSymbol OwnerLevel = "com.microsoft:epoch";
    public static readonly AmqpSymbol RuntimeMetrics = "com.microsoft:enable-receiver-runtime-metric";
    public static readonly AmqpSymbol Selector = "apache.org:selector-filter:string";
    public static readonly AmqpSymbol ServerBusy = "com.microsoft:server-busy";
    public static readonly AmqpSymbol LastSequenceNumber = "last_enqueued_sequence_number";
    public static readonly AmqpSymbol LastOffset = "last_enqueued_offset";
    public static readonly AmqpSymbol LastTime = "last_enqueued_time_utc";
    public static readonly AmqpSymbol RetrievedAt = "runtime_info_retrieval_time_utc";
}
