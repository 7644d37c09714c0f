using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Filters;

/// <summary>What a filter asks of an item.</summary>
internal interface IFilterSubject
{
    long? TimestampTicks { get; }

    ReadOnlySpan<byte> LabelsUtf8 { get; }

    bool HasCategory(string name);

    bool IdIs(string itemId);
}

/// <summary>A row of a release as a filter sees it.</summary>
internal readonly struct TableRow(ItemTable table, int row) : IFilterSubject
{
    public long? TimestampTicks => table.TimestampTicks(row);

    public ReadOnlySpan<byte> LabelsUtf8 => table.LabelsUtf8(row);

    public bool HasCategory(string name) => table.TryFindCategory(name, out var category) && table.Categories(row).Contains(category);

    public bool IdIs(string itemId) => table.TryFind(itemId, out var found) && found == row;
}
