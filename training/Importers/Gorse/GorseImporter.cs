using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.Gorse;

/// <summary>
/// A folder of JSON lines in the shapes of the HTTP contract: `feedback.jsonl` and, when there, `items.jsonl` and `users.jsonl`.
/// Properties that are not known are passed over.
/// </summary>
internal static class GorseImporter
{
    public static async Task<Dataset> ImportAsync(string folder, CancellationToken cancellationToken)
    {
        var builder = new DatasetBuilder(DatasetName.Of(folder));
        await ReadIfThereAsync(Path.Combine(folder, "items.jsonl"), line => AddItem(line, builder), cancellationToken);
        await ReadIfThereAsync(Path.Combine(folder, "users.jsonl"), line => AddUser(line, builder), cancellationToken);
        await ReadAsync(Path.Combine(folder, "feedback.jsonl"), line => AddFeedback(line, builder), cancellationToken);
        return builder.Build();
    }

    private static async Task ReadIfThereAsync(string path, Action<JsonLineReader> add, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            await ReadAsync(path, add, cancellationToken);
        }
    }

    private static async Task ReadAsync(string path, Action<JsonLineReader> add, CancellationToken cancellationToken)
    {
        await using var lines = new JsonLineReader(path);
        while (await lines.ReadAsync(cancellationToken))
        {
            add(lines);
        }
    }

    private static void AddItem(JsonLineReader line, DatasetBuilder builder)
    {
        var item = new Item
        {
            ItemId = line.Id("ItemId"),
            IsHidden = line.Flag("IsHidden"),
            Categories = line.Strings("Categories"),
            Timestamp = line.Moment("Timestamp"),
            LabelsJson = line.Json("Labels"),
            Comment = line.Text("Comment"),
        };
        if (!builder.AddItem(item))
        {
            throw line.Problem("ItemId stands twice in this file");
        }
    }

    private static void AddUser(JsonLineReader line, DatasetBuilder builder)
    {
        if (!builder.AddUser(new User(line.Id("UserId"), line.Json("Labels"), line.Text("Comment"))))
        {
            throw line.Problem("UserId stands twice in this file");
        }
    }

    private static void AddFeedback(JsonLineReader line, DatasetBuilder builder)
    {
        var user = builder.UserNumber(line.Id("UserId"));
        var item = builder.ItemNumber(line.Id("ItemId"));
        var type = builder.TypeNumber(line.Id("FeedbackType", ImportLimits.MaxTypeLength));
        var moment = line.Moment("Timestamp") ?? throw line.Problem("Timestamp is missing");
        builder.Add(new Interaction(user, item, type, line.Value("Value"), moment.ToUnixTimeMilliseconds()));
    }
}
