using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Users;

/// <summary>Takes feedback on one item out of a user's history. Feedback that was accepted but not applied yet is not found.</summary>
public static class FeedbackRemoval
{
    /// <summary>Removes; answers how many feedback types of the item there were.</summary>
    /// <param name="users">Where the row lies.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="itemId">On what.</param>
    /// <param name="feedbackType">Of which type; null: of all.</param>
    /// <param name="cancellationToken">Stops between calls of the store.</param>
    /// <exception cref="UserStoreException">The store is away; repeating the call is harmless.</exception>
    public static async Task<int> RunAsync(
        IUserStore users, string userId, string itemId, string? feedbackType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        while (true)
        {
            if (await users.ReadAsync(userId, cancellationToken).ConfigureAwait(false) is not { } stored)
            {
                return 0;
            }

            var (after, removed) = Remove(stored.State, itemId, feedbackType);
            if (removed == 0)
            {
                return 0;
            }

            var outcomes = await users.WriteManyAsync([new UserWrite(after, stored.ETag)], cancellationToken).ConfigureAwait(false);
            if (outcomes[0].Written)
            {
                return removed;
            }
        }
    }

    /// <summary>The state without the feedback. Its vector is inferred anew when it is read, and an item without any feedback counts as unseen.</summary>
    internal static (UserState After, int Removed) Remove(UserState state, string itemId, string? feedbackType)
    {
        var removed = state.History.Where(Matches).Select(entry => entry.FeedbackType).Distinct(StringComparer.Ordinal).Count();
        if (removed == 0)
        {
            return (state, 0);
        }

        HistoryEntry[] history = [.. state.History.Where(entry => !Matches(entry))];
        var isStillSeen = history.Any(entry => entry.ItemId == itemId);
        var hash = ItemHash.Of(itemId);
        return (state with
        {
            History = history,
            SeenItems = isStillSeen ? state.SeenItems : [.. state.SeenItems.Where(seen => seen != hash)],
            Vector = default,
            TowerVersion = null,
        }, removed);

        bool Matches(HistoryEntry entry) => entry.ItemId == itemId && (feedbackType is null || entry.FeedbackType == feedbackType);
    }
}
