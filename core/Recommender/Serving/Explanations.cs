using System.Numerics.Tensors;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Recommender.Serving;

/// <summary>Explains the items of a list by what they are like.</summary>
internal static class Explanations
{
    private const int MaxReasons = 3;
    private const int MaxSources = 100;

    /// <summary>One explanation for each item.</summary>
    /// <param name="release">The release that made the list.</param>
    /// <param name="items">The list.</param>
    /// <param name="stage">What found them.</param>
    /// <param name="sources">Ids of items the list was made from, the most recent last; those the release does not know are passed over.</param>
    public static ItemExplanation[] Of(LoadedRelease release, IReadOnlyList<ScoredItem> items, string stage, IEnumerable<string> sources)
    {
        var width = release.Features.Dimensions;
        var known = new List<(string Id, float[] Vector)>();
        foreach (var id in sources.Reverse().Distinct().Take(MaxSources))
        {
            var vector = new float[width];
            if (release.Catalogue.TryFind(id, out var ordinal))
            {
                release.Catalogue.CopyVector(ordinal, vector);
                known.Add((id, vector));
            }
        }

        var item = new float[width];
        var explanations = new ItemExplanation[items.Count];
        for (var i = 0; i < explanations.Length; i++)
        {
            var isNew = false;
            IReadOnlyList<ScoredItem> reasons = [];
            if (release.Catalogue.TryFind(items[i].Id, out var ordinal))
            {
                release.Catalogue.CopyVector(ordinal, item);
                isNew = release.Catalogue.Read(ordinal).IdIndex == 0;
                reasons = [.. known
                    .Select(source => new ScoredItem(source.Id, TensorPrimitives.CosineSimilarity<float>(item, source.Vector)))
                    .Where(reason => reason.Score > 0)
                    .OrderByDescending(reason => reason.Score)
                    .Take(MaxReasons)];
            }

            explanations[i] = new ItemExplanation(stage, isNew, reasons);
        }

        return explanations;
    }
}
