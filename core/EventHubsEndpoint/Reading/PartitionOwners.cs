using Microsoft.Azure.Amqp;

namespace ServerlessRec.EventHubsEndpoint.Reading;

/// <summary>
/// Who reads a partition of a consumer group. A reader with an owner level takes the partition from those with none, a lower or the same one;
/// the loser's link is closed as stolen. Thread-safe.
/// </summary>
internal sealed class PartitionOwners
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Group, int Partition), List<(AmqpLink Link, long? Level)>> _readers = [];

    /// <summary>Admits a reader, closing those that lose.</summary>
    /// <exception cref="AmqpException">Somebody with a higher level reads the partition.</exception>
    public void Admit(AmqpLink link, string group, int partition, long? level)
    {
        List<AmqpLink> losers = [];
        lock (_gate)
        {
            if (!_readers.TryGetValue((group, partition), out var readers))
            {
                _readers.Add((group, partition), readers = []);
            }

            if (readers.Any(reader => reader.Level > (level ?? -1)))
            {
                throw Stolen($"Partition {partition} of consumer group '{group}' is read by a receiver with a higher epoch.");
            }

            if (level is not null)
            {
                losers.AddRange(readers.Select(reader => reader.Link));
                readers.Clear();
            }

            readers.Add((link, level));
        }

        link.SafeAddClosed((_, _) => Forget(link, group, partition));
        foreach (var loser in losers)
        {
            loser.SafeClose(Stolen($"New receiver with epoch {level} reads partition {partition} of consumer group '{group}'."));
        }
    }

    private static AmqpException Stolen(string message) => new(AmqpErrorCode.Stolen, message);

    private void Forget(AmqpLink link, string group, int partition)
    {
        lock (_gate)
        {
            if (_readers.TryGetValue((group, partition), out var readers))
            {
                readers.RemoveAll(reader => ReferenceEquals(reader.Link, link));
            }
        }
    }
}
