using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.Personalize;

/// <summary>
/// Amazon Personalize CSV: a file of interactions (USER_ID, ITEM_ID, TIMESTAMP and optionally EVENT_TYPE, EVENT_VALUE), or a folder
/// that holds one and optionally one of items (ITEM_ID, …) and one of users (USER_ID, …), told apart by their headers.
/// </summary>
internal static class PersonalizeImporter
{
    public static async Task<Dataset> ImportAsync(string path, CancellationToken cancellationToken)
    {
        var builder = new DatasetBuilder(DatasetName.Of(path));
        var files = Directory.Exists(path)
            ? await PersonalizeFolder.ReadAsync(path, cancellationToken)
            : new PersonalizeFolder(Interactions: path, Items: null, Users: null);
        if (files.Items is not null)
        {
            await ItemsFile.ReadAsync(files.Items, builder, cancellationToken);
        }

        if (files.Users is not null)
        {
            await UsersFile.ReadAsync(files.Users, builder, cancellationToken);
        }

        await InteractionsFile.ReadAsync(files.Interactions, builder, cancellationToken);
        return builder.Build();
    }
}
