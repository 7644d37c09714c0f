namespace ServerlessRec.Training.Importers.Personalize;

/// <summary>Which CSV file of a folder is which, seen from the headers.</summary>
internal sealed record PersonalizeFolder(string Interactions, string? Items, string? Users)
{
    /// <summary>Reads the header of each `*.csv`.</summary>
    public static async Task<PersonalizeFolder> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        string? interactions = null, items = null, users = null;
        foreach (var file in Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            using var rows = RowReader.OpenWithHeader(file, ',');
            var header = await rows.ReadHeaderAsync(cancellationToken);
            switch (header.Find("USER_ID"), header.Find("ITEM_ID"))
            {
                case (not null, not null):
                    interactions = Only(interactions, file, "interactions (USER_ID and ITEM_ID)");
                    break;
                case (null, not null):
                    items = Only(items, file, "items (ITEM_ID)");
                    break;
                case (not null, null):
                    users = Only(users, file, "users (USER_ID)");
                    break;
                default:
                    throw new ImportException(file, 1, "the header has neither USER_ID nor ITEM_ID");
            }
        }

        return interactions is null
            ? throw new ImportException(folder, "no CSV file of interactions in it: none has the columns USER_ID and ITEM_ID")
            : new PersonalizeFolder(interactions, items, users);
    }

    private static string Only(string? before, string file, string kind) => before is null
        ? file
        : throw new ImportException(file, $"'{Path.GetFileName(before)}' holds {kind} too; give one file, or keep one of each kind in the folder");
}
