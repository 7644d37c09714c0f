using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Publishing;

/// <summary>The histories of a data set in the serving side's form.</summary>
internal static class ImportedHistories
{
    /// <summary>Every user with his feedback, for the user store.</summary>
    public static IEnumerable<ImportedUser> Of(Dataset dataset)
    {
        var timelines = Timelines(dataset);
        for (var user = 0; user < timelines.Count; user++)
        {
            yield return new ImportedUser(dataset.Users[user], Entries(dataset, timelines[user].Span));
        }
    }

    /// <summary>The interactions of each user, oldest first.</summary>
    public static IReadOnlyList<ReadOnlyMemory<Interaction>> Timelines(Dataset dataset)
    {
        var timelines = new UserTimelines(dataset.Users.Count, dataset.Interactions);
        return [.. Enumerable.Range(0, dataset.Users.Count).Select(timelines.Of)];
    }

    /// <summary>Interactions of one user as history entries.</summary>
    public static IReadOnlyList<HistoryEntry> Entries(Dataset dataset, ReadOnlySpan<Interaction> interactions)
    {
        var entries = new HistoryEntry[interactions.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var interaction = interactions[i];
            entries[i] = new HistoryEntry(
                dataset.Items[interaction.Item].ItemId,
                dataset.FeedbackTypes[interaction.Type],
                interaction.Value,
                DateTimeOffset.FromUnixTimeMilliseconds(interaction.UnixMilliseconds));
        }

        return entries;
    }
}
