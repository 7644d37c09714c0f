namespace ServerlessRec.Recommender.Catalogue;

/// <summary>Numbers the categories of rows in the order of first use, and lists them by row and by category.</summary>
internal sealed class CategoryColumns
{
    private readonly List<string> _names = [];

    public CategoryColumns(IReadOnlyList<CatalogueRow> rows)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var rowCategories = new List<int>();
        RowOffsets = new uint[rows.Count + 1];
        for (var row = 0; row < rows.Count; row++)
        {
            foreach (var name in rows[row].Item.Categories)
            {
                if (!numbers.TryGetValue(name, out var number))
                {
                    number = _names.Count;
                    numbers.Add(name, number);
                    _names.Add(name);
                }

                if (rowCategories.IndexOf(number, (int)RowOffsets[row]) < 0)
                {
                    rowCategories.Add(number);
                }
            }

            RowOffsets[row + 1] = (uint)rowCategories.Count;
        }

        RowCategories = [.. rowCategories];
        (CategoryOffsets, CategoryRows) = Invert();
    }

    public IReadOnlyList<string> Names => _names;

    public uint[] RowOffsets { get; }

    public int[] RowCategories { get; }

    public uint[] CategoryOffsets { get; }

    public int[] CategoryRows { get; }

    private (uint[] Offsets, int[] Rows) Invert()
    {
        var offsets = new uint[_names.Count + 1];
        foreach (var number in RowCategories)
        {
            offsets[number + 1]++;
        }

        for (var number = 0; number < _names.Count; number++)
        {
            offsets[number + 1] += offsets[number];
        }

        var next = offsets[..^1];
        var rows = new int[RowCategories.Length];
        for (var row = 0; row < RowOffsets.Length - 1; row++)
        {
            for (var i = RowOffsets[row]; i < RowOffsets[row + 1]; i++)
            {
                rows[next[RowCategories[i]]++] = row;
            }
        }

        return (offsets, rows);
    }
}
