namespace ServerlessRec.Recommender.Towers;

/// <summary>
/// Cuts many histories into batches of like length. A batch is padded to its longest history, and padding is worked through like entries:
/// it is cut where the padding would cost more than another run.
/// </summary>
internal ref struct HistoryBatches
{
    private const int MaxRows = 128;

    // What a run costs besides its entries, in entries.
    private const int RunCost = 256;

    private readonly Span<int> _lengths;
    private readonly Span<int> _places;
    private int _end;

    /// <param name="lengths">Of each history; sorted here.</param>
    /// <param name="places">As many; becomes the places of the histories in the order of their lengths.</param>
    public HistoryBatches(Span<int> lengths, Span<int> places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        lengths.Sort(places);
        _lengths = lengths;
        _places = places;
        _end = lengths.Length;
    }

    /// <summary>Places of the histories of the next batch.</summary>
    public ReadOnlySpan<int> Current { get; private set; }

    /// <summary>The next batch, longer ones first; false after the last.</summary>
    public bool MoveNext()
    {
        var first = _end;
        for (var padding = 0; first > 0 && _end - first < MaxRows; first--)
        {
            padding += _lengths[_end - 1] - _lengths[first - 1];
            if (padding > RunCost)
            {
                break;
            }
        }

        Current = _places[first.._end];
        _end = first;
        return !Current.IsEmpty;
    }
}
