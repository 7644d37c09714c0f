namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>Ordinals in the order in which they changed; the number of entries is the catalogue's version. One writer, any number of readers.</summary>
internal sealed class ChangeJournal
{
    private int[] _ordinals = [];
    private int _count;

    /// <summary>Changes so far.</summary>
    public int Version => Volatile.Read(ref _count);

    /// <summary>Called after the change itself can be seen.</summary>
    public void Append(int ordinal)
    {
        var count = _count;
        if (count == _ordinals.Length)
        {
            var grown = new int[Math.Max(64, 2 * count)];
            _ordinals.CopyTo(grown, 0);
            Volatile.Write(ref _ordinals, grown);
        }

        _ordinals[count] = ordinal;
        Volatile.Write(ref _count, count + 1);
    }

    /// <summary>What changed between two versions; an ordinal may stand in it more than once.</summary>
    public ReadOnlySpan<int> Between(int from, int to) => Volatile.Read(ref _ordinals).AsSpan(from, to - from);
}
