namespace ServerlessRec.Recommender.Catalogue;

/// <summary>One section of items.bin, read in place.</summary>
internal readonly unsafe struct Column<T>(T* first, int length)
    where T : unmanaged
{
    public int Length => length;

    public ReadOnlySpan<T> Span => new(first, length);

    public T this[int at] => (uint)at < (uint)length ? first[at] : throw new ArgumentOutOfRangeException(nameof(at));

    public ReadOnlySpan<T> Slice(uint from, uint to) => Span[(int)from..(int)to];
}
