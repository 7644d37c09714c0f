namespace ServerlessRec.Training.Importers;

/// <summary>The columns of a file by name, case-insensitive.</summary>
internal sealed class RowHeader
{
    private readonly Dictionary<string, Column> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _path;

    /// <summary>Reads the names of a header row.</summary>
    /// <exception cref="ImportException">There is none, or a name stands twice.</exception>
    public RowHeader(string path, IReadOnlyList<string> names)
    {
        _path = path;
        if (names.Count == 0)
        {
            throw new ImportException(path, 1, "the file is empty; expected a header line with the column names");
        }

        foreach (var name in names.Select(name => name.Trim()))
        {
            if (!_columns.TryAdd(name, new Column(_columns.Count, name)))
            {
                throw new ImportException(path, 1, $"column '{ErrorExcerpt.Of(name)}' stands twice in the header");
            }
        }
    }

    /// <summary>All columns, in their order.</summary>
    public IEnumerable<Column> Columns => _columns.Values.OrderBy(column => column.Place);

    /// <summary>A column that must be there.</summary>
    public Column Require(string name) =>
        Find(name) ?? throw new ImportException(_path, 1, $"column '{name}' is missing from the header");

    /// <summary>A column; null when it is not there.</summary>
    public Column? Find(string name) => _columns.TryGetValue(name, out var column) ? column : null;
}
