namespace ServerlessRec.Training.Learning;

/// <summary>
/// The items of a batch that is being made: each has one place among those whose vectors are worked out, and those that stand in the softmax have
/// a column. One batch after the other.
/// </summary>
/// <param name="items">Items of the data set.</param>
internal sealed class BatchColumns(int items)
{
    private readonly int[] _place = Unknown(items);
    private readonly int[] _column = Unknown(items);
    private readonly List<int> _items = [];
    private readonly List<int> _columns = [];

    /// <summary>Items by place.</summary>
    public IReadOnlyList<int> Items => _items;

    /// <summary>Places by column.</summary>
    public IReadOnlyList<int> Columns => _columns;

    /// <summary>The item of a column.</summary>
    public int ItemAt(int column) => _items[_columns[column]];

    /// <summary>The place of an item, which gets one.</summary>
    public int PlaceOf(int item)
    {
        if (_place[item] < 0)
        {
            _place[item] = _items.Count;
            _items.Add(item);
        }

        return _place[item];
    }

    /// <summary>The column of an item, which gets one.</summary>
    public int ColumnOf(int item)
    {
        if (_column[item] < 0)
        {
            _column[item] = _columns.Count;
            _columns.Add(PlaceOf(item));
        }

        return _column[item];
    }

    /// <summary>The column of an item; negative when it has none.</summary>
    public int KnownColumnOf(int item) => _column[item];

    /// <summary>Begins the next batch.</summary>
    public void Forget()
    {
        foreach (var item in _items)
        {
            _place[item] = -1;
            _column[item] = -1;
        }

        _items.Clear();
        _columns.Clear();
    }

    private static int[] Unknown(int items)
    {
        var none = new int[items];
        Array.Fill(none, -1);
        return none;
    }
}
