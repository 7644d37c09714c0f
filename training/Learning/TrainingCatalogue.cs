using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Learning;

/// <summary>The items of a data set as catalogue rows: those with feedback get an id embedding and their popularity.</summary>
internal static class TrainingCatalogue
{
    /// <summary>Days after which an interaction counts half in an item's popularity.</summary>
    private const double HalfLifeDays = 30;

    /// <summary>One row an item, in the data set's order.</summary>
    public static IReadOnlyList<CatalogueRow> Of(Dataset dataset, IReadOnlyList<Interaction> interactions)
    {
        var popularity = new double[dataset.Items.Count];
        var hasFeedback = new bool[dataset.Items.Count];
        var isPositive = PositiveFeedback.Default.In(dataset);
        var newest = interactions.Count == 0 ? 0 : interactions[^1].UnixMilliseconds;
        foreach (var interaction in interactions)
        {
            var days = (newest - interaction.UnixMilliseconds) / 86_400_000.0;
            hasFeedback[interaction.Item] = true;
            if (isPositive(interaction))
            {
                popularity[interaction.Item] += Math.Pow(0.5, days / HalfLifeDays);
            }
        }

        var ids = 0;
        return [.. dataset.Items.Select((item, place) => new CatalogueRow(item, hasFeedback[place] ? ++ids : 0, (float)popularity[place]))];
    }
}
