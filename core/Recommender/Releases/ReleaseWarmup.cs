using ServerlessRec.Index;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Releases;

/// <summary>Runs each tower, the ranker and the index once before a release takes over, so that no request pays for the first time.</summary>
internal static class ReleaseWarmup
{
    private const int Searches = 16;

    public static void Run(LoadedRelease release, CancellationToken cancellationToken)
    {
        if (release.Items.Count == 0)
        {
            return;
        }

        var row = release.Items.Read(0);
        var vector = new float[release.Features.Dimensions];
        Try(release, ItemTower.FileName, () => release.ItemTower.Infer([row], vector, cancellationToken));
        HistoryEntry[] history = [new(row.Item.ItemId, release.Features.FeedbackTypes.FirstOrDefault(""), 1, default)];
        Try(release, UserTower.FileName, () => release.UserTower.Infer([history], ReadFirst, vector, new bool[1], cancellationToken));
        Try(release, ItemTower.FileName, () => release.Catalogue.Prepare(cancellationToken));
        Try(release, Ranker.FileName, () => release.Ranker?.Order(release.RankedItems.Value, history, row.Item.Timestamp ?? default, new Neighbor[2], cancellationToken));
        var neighbors = new Neighbor[10];
        for (var i = 0; i < Searches; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            release.Index.CopyVector((int)((long)i * release.Items.Count / Searches), vector);
            release.Index.Search(vector, 100, neighbors);
        }

        bool ReadFirst(in HistoryEntry entry, Span<float> destination)
        {
            release.Index.CopyVector(0, destination);
            return true;
        }
    }

    private static void Try(LoadedRelease release, string fileName, Action infer)
    {
        try
        {
            infer();
        }
        catch (InvalidDataException e)
        {
            throw new ReleaseDamagedException(release.Id, fileName, e.Message, e);
        }
    }
}
