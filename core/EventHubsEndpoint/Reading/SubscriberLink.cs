using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.EventHubsEndpoint.Listening;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.EventHubsEndpoint.Reading;

/// <summary>Sends a partition's events to a reader, in order, as far as the reader has given credit, and waits at the log's end.</summary>
internal sealed class SubscriberLink : IDisposable
{
    private const int MaxBatch = 500;

    private readonly SendingAmqpLink _link;
    private readonly PartitionedFeedbackLog _log;
    private readonly int _partition;
    private readonly bool _sendsMetrics;
    private readonly Channel<bool> _more = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _closed = new();
    private long _credit;
    private long _tag;

    private SubscriberLink(SendingAmqpLink link, PartitionedFeedbackLog log, int partition)
    {
        (_link, _log, _partition) = (link, log, partition);
        _sendsMetrics = link.Settings.DesiredCapabilities?.Contains(EventNames.RuntimeMetrics) == true;
    }

    public static void Attach(SendingAmqpLink link, PartitionedFeedbackLog log, int partition, ReadPlaces places, OwnedTasks tasks)
    {
        var start = StartSelector.Of((Source)link.Settings.Source, log.RangeOf(partition));
        var subscriber = new SubscriberLink(link, log, partition);
        link.RegisterCreditListener(subscriber.OnCredit);
        link.RegisterDispositionListener(subscriber.OnDisposition);
        link.SafeAddClosed((_, _) => subscriber.Close());
        tasks.Run(async () =>
        {
            using (subscriber)
            {
                await subscriber.SendAsync(start, places).ConfigureAwait(false);
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _closed.Dispose();

    private void Close()
    {
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The sending ended before the link did.
        }
    }

    private void OnCredit(uint more, bool drain, ArraySegment<byte> transaction)
    {
        if (drain)
        {
            // Whatever is there is sent already: the rest of the credit is given back.
            Interlocked.Exchange(ref _credit, 0);
            return;
        }

        Interlocked.Add(ref _credit, more);
        _more.Writer.TryWrite(true);
    }

    private void OnDisposition(Delivery delivery)
    {
        if (!delivery.Settled)
        {
            _link.DisposeDelivery(delivery, true, delivery.State);
        }

        delivery.Dispose();
    }

    private async Task SendAsync(StartSelector start, ReadPlaces places)
    {
        using var reader = _log.Read(_partition, places.Before(_partition, start.Sequence));
        while (true)
        {
            var credit = await CreditAsync().ConfigureAwait(false);
            var batch = await reader.ReadAsync(credit, _closed.Token).ConfigureAwait(false);
            foreach (var logged in batch)
            {
                if (logged.AcceptedAt > start.After)
                {
                    Interlocked.Decrement(ref _credit);
                    _link.SendMessageNoWait(Message(logged), NextTag(), AmqpConstants.NullBinary);
                }
            }

            places.Keep(_partition, reader.Next);
        }
    }

    private async Task<int> CreditAsync()
    {
        long credit;
        while ((credit = Interlocked.Read(ref _credit)) <= 0)
        {
            await _more.Reader.ReadAsync(_closed.Token).ConfigureAwait(false);
        }

        return (int)Math.Min(credit, MaxBatch);
    }

    private AmqpMessage Message(in RawFeedback logged)
    {
        var message = AmqpMessage.Create(new Data { Value = MemoryMarshal.TryGetArray(logged.Payload, out var bytes) ? bytes : new ArraySegment<byte>(logged.Payload.ToArray()) });
        message.MessageAnnotations.Map[EventNames.SequenceNumber] = logged.Sequence;
        message.MessageAnnotations.Map[EventNames.Offset] = Offset(logged.Sequence);
        message.MessageAnnotations.Map[EventNames.EnqueuedTime] = logged.AcceptedAt.UtcDateTime;
        if (_sendsMetrics)
        {
            var range = _log.RangeOf(_partition);
            message.DeliveryAnnotations.Map[EventNames.LastSequenceNumber] = range.Next - 1;
            message.DeliveryAnnotations.Map[EventNames.LastOffset] = Offset(range.Next - 1);
            message.DeliveryAnnotations.Map[EventNames.LastTime] = range.LastAcceptedAt.UtcDateTime;
            message.DeliveryAnnotations.Map[EventNames.RetrievedAt] = DateTime.UtcNow;
        }

        return message;
    }

    private static string Offset(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private ArraySegment<byte> NextTag()
    {
        var tag = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(tag, ++_tag);
        return tag;
    }
}
