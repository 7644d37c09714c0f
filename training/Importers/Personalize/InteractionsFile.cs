using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.Personalize;

/// <summary>Interactions: USER_ID, ITEM_ID, TIMESTAMP (Unix seconds), optionally EVENT_TYPE and EVENT_VALUE; other columns are not read.</summary>
internal static class InteractionsFile
{
    /// <summary>The feedback type when there is no EVENT_TYPE.</summary>
    public const string DefaultType = "interaction";

    public static async Task ReadAsync(string path, DatasetBuilder builder, CancellationToken cancellationToken)
    {
        using var rows = RowReader.OpenWithHeader(path, ',');
        var header = await rows.ReadHeaderAsync(cancellationToken);
        var (user, item, timestamp) = (header.Require("USER_ID"), header.Require("ITEM_ID"), header.Require("TIMESTAMP"));
        var (type, value) = (header.Find("EVENT_TYPE"), header.Find("EVENT_VALUE"));
        while (await rows.ReadAsync(cancellationToken))
        {
            var userNumber = builder.UserNumber(rows.Id(user));
            var itemNumber = builder.ItemNumber(rows.Id(item));
            var typeNumber = builder.TypeNumber(type is { } typed ? rows.Id(typed, ImportLimits.MaxTypeLength) : DefaultType);
            var strength = value is { } valued && !rows.Utf8Of(valued).IsEmpty ? rows.Number(valued) : 1;
            builder.Add(new Interaction(userNumber, itemNumber, typeNumber, (float)strength, rows.UnixSeconds(timestamp)));
        }
    }
}
