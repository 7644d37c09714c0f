using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Training.Importers.MovieLens;

/// <summary>A film as an item: title as comment, genres as categories, year and tags as labels, 1 January of the year as publish time.</summary>
internal static class MovieItem
{
    public static Item Create(string id, string title, string genres, IEnumerable<string>? tags)
    {
        var year = TitledYear.Of(title);
        return new Item
        {
            ItemId = id,
            Comment = title,
            Categories = CategoryList.Split(genres),
            Timestamp = TitledYear.PublishedAt(year),
            LabelsJson = LabelsText.Write(labels =>
            {
                if (year is { } known)
                {
                    labels.WriteNumber("year", known);
                }

                if (tags is not null)
                {
                    labels.WriteStartArray("tags");
                    foreach (var tag in tags)
                    {
                        labels.WriteStringValue(tag);
                    }

                    labels.WriteEndArray();
                }
            }),
        };
    }
}
