using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.Personalize;

/// <summary>
/// Items: ITEM_ID, optionally CREATION_TIMESTAMP (Unix seconds). Columns that begin with CATEGORY, and GENRES, hold categories between
/// '|'; the first of TITLE, ITEM_NAME, PRODUCT_NAME and NAME is the title; every other column is a label.
/// </summary>
internal static class ItemsFile
{
    private static readonly string[] TitleNames = ["TITLE", "ITEM_NAME", "PRODUCT_NAME", "NAME"];

    public static async Task ReadAsync(string path, DatasetBuilder builder, CancellationToken cancellationToken)
    {
        using var rows = RowReader.OpenWithHeader(path, ',');
        var header = await rows.ReadHeaderAsync(cancellationToken);
        var (id, created) = (header.Require("ITEM_ID"), header.Find("CREATION_TIMESTAMP"));
        var title = TitleNames.Select(header.Find).FirstOrDefault(column => column is not null);
        var categories = header.Columns.Where(IsCategory).ToArray();
        var labels = header.Columns.Where(column => column != id && column != created && column != title && !IsCategory(column)).ToArray();
        while (await rows.ReadAsync(cancellationToken))
        {
            var item = new Item
            {
                ItemId = rows.Id(id).ToString(),
                Comment = title is { } titled ? rows.Text(titled) : "",
                Categories = [.. categories.SelectMany(column => CategoryList.Split(rows.Text(column))).Distinct(StringComparer.Ordinal)],
                Timestamp = created is { } dated && !rows.Utf8Of(dated).IsEmpty
                    ? DateTimeOffset.FromUnixTimeMilliseconds(rows.UnixSeconds(dated))
                    : null,
                LabelsJson = ColumnLabels.Of(rows, labels),
            };
            if (!builder.AddItem(item))
            {
                throw rows.Problem("ITEM_ID stands twice in this file");
            }
        }
    }

    private static bool IsCategory(Column column) =>
        column.Name.StartsWith("CATEGORY", StringComparison.OrdinalIgnoreCase)
        || column.Name.Equals("GENRES", StringComparison.OrdinalIgnoreCase);
}
