using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.Personalize;

/// <summary>Users: USER_ID; every other column is a label.</summary>
internal static class UsersFile
{
    public static async Task ReadAsync(string path, DatasetBuilder builder, CancellationToken cancellationToken)
    {
        using var rows = RowReader.OpenWithHeader(path, ',');
        var header = await rows.ReadHeaderAsync(cancellationToken);
        var id = header.Require("USER_ID");
        var labels = header.Columns.Where(column => column != id).ToArray();
        while (await rows.ReadAsync(cancellationToken))
        {
            if (!builder.AddUser(new User(rows.Id(id).ToString(), ColumnLabels.Of(rows, labels))))
            {
                throw rows.Problem("USER_ID stands twice in this file");
            }
        }
    }
}
