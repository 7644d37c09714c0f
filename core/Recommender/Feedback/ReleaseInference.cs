using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>Infers user vectors with the release that serves at that moment.</summary>
public static class ReleaseInference
{
    /// <summary>An inference for <see cref="FeedbackProcessor"/>; null answers while no release is loaded.</summary>
    public static UserVectorInference By(ReleaseHolder releases)
    {
        ArgumentNullException.ThrowIfNull(releases);
        return (histories, cancellationToken) => releases.IsReady ? Infer(releases, histories, cancellationToken) : null;
    }

    private static InferredVectors Infer(
        ReleaseHolder releases, IReadOnlyList<IReadOnlyList<HistoryEntry>> histories, CancellationToken cancellationToken)
    {
        using var release = releases.Acquire();
        var dimensions = release.Features.Dimensions;
        var vectors = new float[histories.Count * dimensions];
        var known = new bool[histories.Count];
        release.UserTower.Infer(histories, release.ReadItemVector, vectors, known, cancellationToken);
        return new InferredVectors(release.Manifest.TowerVersion, dimensions, vectors, known);
    }
}
