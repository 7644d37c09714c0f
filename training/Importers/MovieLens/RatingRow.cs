using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.MovieLens;

/// <summary>One rating: user, film, stars, Unix seconds.</summary>
internal static class RatingRow
{
    private const double Most = 10;

    public static void Add(RowReader rows, Column user, Column movie, Column rating, Column timestamp, int type, DatasetBuilder builder)
    {
        var userNumber = builder.UserNumber(rows.Id(user));
        var itemNumber = builder.ItemNumber(rows.Id(movie));
        var value = (float)rows.Number(rating, 0, Most);
        builder.Add(new Interaction(userNumber, itemNumber, type, value, rows.UnixSeconds(timestamp)));
    }
}
