using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Privacy;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Retraining;

/// <summary>
/// A store as a data set: the items as they are now, and all feedback of the archive, imported and live, but that of deleted users and
/// items.
/// </summary>
internal sealed class ArchivedDataset(IBlobStore blobs, IUserStore users)
{
    private const int BatchUsers = 500;

    /// <summary>Reads everything that is in the archive now.</summary>
    /// <exception cref="InvalidDataException">There is nothing in it.</exception>
    /// <exception cref="BlobStoreException">The store is away.</exception>
    /// <exception cref="UserStoreException">The store is away.</exception>
    public async Task<TrainingSource> ReadAsync(CancellationToken cancellationToken)
    {
        var catalogue = await CurrentCatalogue.ReadAsync(blobs, cancellationToken).ConfigureAwait(false);
        var builder = new DatasetBuilder("archive");
        foreach (var row in catalogue.Rows)
        {
            builder.AddItem(row.Item);
        }

        var reader = new FeedbackArchiveReader(blobs);
        var logged = new List<LoggedFeedback>();
        await foreach (var feedback in reader.ReadAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            logged.Add(feedback);
        }

        var states = await StatesAsync(logged, cancellationToken).ConfigureAwait(false);
        var items = catalogue.Rows.Select(row => row.Item.ItemId).ToHashSet(StringComparer.Ordinal);
        var left = Add(logged.Where(feedback => items.Contains(feedback.Event.ItemId) && IsKept(feedback, states)), states, builder);
        Note(builder, logged.Count - left, reader.MalformedLines);
        return left > 0
            ? new TrainingSource(builder.Build(), catalogue.LogPosition, IsImport: false)
            : throw new InvalidDataException("The store's feedback archive holds nothing to learn from: train with --data first, or serve and collect feedback.");
    }

    private async Task<Dictionary<string, UserState>> StatesAsync(List<LoggedFeedback> logged, CancellationToken cancellationToken)
    {
        var states = new Dictionary<string, UserState>(StringComparer.Ordinal);
        foreach (var batch in logged.Select(feedback => feedback.Event.UserId).Distinct(StringComparer.Ordinal).Chunk(BatchUsers))
        {
            foreach (var stored in await users.ReadManyAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                if (stored is not null)
                {
                    states.Add(stored.State.User.UserId, stored.State);
                }
            }
        }

        return states;
    }

    private static bool IsKept(LoggedFeedback feedback, Dictionary<string, UserState> states) =>
        !DeletedUsers.Covers(states.GetValueOrDefault(feedback.Event.UserId), feedback.AcceptedAt);

    // An event that overwrites takes the place of what the user said of that item, in that type, before.
    private static int Add(IEnumerable<LoggedFeedback> kept, Dictionary<string, UserState> states, DatasetBuilder builder)
    {
        var interactions = new List<Interaction?>();
        var latest = new Dictionary<(int User, int Item, int Type), List<int>>();
        foreach (var feedback in kept.Select(feedback => feedback.Event))
        {
            var user = builder.UserNumber(feedback.UserId);
            if (builder.UserAt(user) is null)
            {
                builder.AddUser(states.TryGetValue(feedback.UserId, out var state) ? state.User : new User(feedback.UserId));
            }

            var interaction = new Interaction(
                user,
                builder.ItemNumber(feedback.ItemId),
                builder.TypeNumber(feedback.FeedbackType),
                (float)feedback.Value,
                feedback.Timestamp.ToUnixTimeMilliseconds());
            var key = (interaction.User, interaction.Item, interaction.Type);
            if (!latest.TryGetValue(key, out var places))
            {
                latest.Add(key, places = new List<int>(1));
            }

            if (feedback.Overwrite)
            {
                places.ForEach(place => interactions[place] = null);
                places.Clear();
            }

            places.Add(interactions.Count);
            interactions.Add(interaction);
        }

        foreach (var interaction in interactions)
        {
            if (interaction is { } one)
            {
                builder.Add(one);
            }
        }

        return builder.InteractionCount;
    }

    private static void Note(DatasetBuilder builder, int leftOut, int malformed)
    {
        if (leftOut > 0)
        {
            builder.Note(FormattableString.Invariant($"{leftOut:N0} events of the archive were left out: overwritten, or of deleted users or items"));
        }

        if (malformed > 0)
        {
            builder.Note(FormattableString.Invariant($"{malformed:N0} lines of the archive are no feedback and were left out"));
        }
    }
}
