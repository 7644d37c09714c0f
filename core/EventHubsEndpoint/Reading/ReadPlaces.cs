using ServerlessRec.Embedded.Feedback;

namespace ServerlessRec.EventHubsEndpoint.Reading;

/// <summary>Places that readers came by, so that the next one that starts behind them need not search the log from its beginning. Thread-safe.</summary>
internal sealed class ReadPlaces(PartitionedFeedbackLog log)
{
    private const int MaxPlaces = 256;

    private readonly Lock _gate = new();
    private readonly SortedList<long, LogPlace>[] _places =
        [.. Enumerable.Range(0, log.Partitions).Select(_ => new SortedList<long, LogPlace>())];

    /// <summary>The place from which a reader comes to a sequence number soonest.</summary>
    public LogPlace Before(int partition, long sequence)
    {
        lock (_gate)
        {
            var places = _places[partition].Values;
            for (var i = places.Count - 1; i >= 0; i--)
            {
                if (places[i].Sequence <= sequence && places[i].Position >= log.Begin.Position)
                {
                    return places[i] with { Sequence = sequence };
                }
            }
        }

        return log.Begin with { Sequence = sequence };
    }

    public void Keep(int partition, LogPlace place)
    {
        lock (_gate)
        {
            var places = _places[partition];
            places[place.Sequence] = place;
            if (places.Count > MaxPlaces)
            {
                // Old ones thin out, new ones stay: readers come back to where they were.
                places.RemoveAt((int)(place.Sequence % (MaxPlaces / 2)));
            }
        }
    }
}
