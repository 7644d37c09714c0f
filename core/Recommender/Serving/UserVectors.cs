using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Serving;

/// <summary>Where a list's query vector comes from.</summary>
internal static class UserVectors
{
    /// <summary>The stored vector when the release's towers made it, otherwise one inferred from the history; false when nothing is known.</summary>
    public static bool TryGet(LoadedRelease release, UserState? user, Memory<float> destination, CancellationToken cancellationToken)
    {
        if (user is null)
        {
            return false;
        }

        if (user.TowerVersion == release.Manifest.TowerVersion && user.Vector.Length == destination.Length)
        {
            user.Vector.CopyTo(destination);
            return true;
        }

        return TryInfer(release, user.History, destination, cancellationToken);
    }

    /// <summary>A vector inferred from a history, oldest first; false when the release knows none of its items.</summary>
    public static bool TryInfer(LoadedRelease release, IReadOnlyList<HistoryEntry> history, Memory<float> destination, CancellationToken cancellationToken)
    {
        if (history.Count == 0)
        {
            return false;
        }

        var known = false;
        release.UserTower.Infer([history], release.ReadItemVector, destination.Span, new Span<bool>(ref known), cancellationToken);
        return known;
    }

    /// <summary>An item's own vector.</summary>
    public static bool CopyItem(LoadedRelease release, int ordinal, Memory<float> destination)
    {
        release.Catalogue.CopyVector(ordinal, destination.Span);
        return true;
    }
}
