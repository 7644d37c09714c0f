using ServerlessRec.Training.Data;
using ServerlessRec.Training.Importers.MovieLens;

namespace ServerlessRec.Training.Importers.MovieTweetings;

/// <summary>
/// A folder of `.dat` files with "::" between fields, as MovieTweetings and MovieLens-1M have them: `ratings.dat` (user, movie, rating,
/// Unix seconds) and `movies.dat` (movie, title, genres by '|'). `users.dat` names people and is not read. Every rating is kept as
/// feedback of type "rating" with its value.
/// </summary>
internal static class MovieTweetingsImporter
{
    private static readonly Column User = new(0, "user id");
    private static readonly Column RatedMovie = new(1, "movie id");
    private static readonly Column Rating = new(2, "rating");
    private static readonly Column Timestamp = new(3, "timestamp");
    private static readonly Column Movie = new(0, "movie id");
    private static readonly Column Title = new(1, "title");
    private static readonly Column Genres = new(2, "genres");

    public static async Task<Dataset> ImportAsync(string folder, CancellationToken cancellationToken)
    {
        var builder = new DatasetBuilder(DatasetName.Of(folder));
        using (var movies = RowReader.OpenDoubleColon(Path.Combine(folder, "movies.dat"), 3))
        {
            while (await movies.ReadAsync(cancellationToken))
            {
                var id = movies.Id(Movie).ToString();
                if (!builder.AddItem(MovieItem.Create(id, movies.Text(Title), movies.Text(Genres), null)))
                {
                    throw movies.Problem("movie id stands twice in this file");
                }
            }
        }

        using var ratings = RowReader.OpenDoubleColon(Path.Combine(folder, "ratings.dat"), 4);
        var type = builder.TypeNumber("rating");
        while (await ratings.ReadAsync(cancellationToken))
        {
            RatingRow.Add(ratings, User, RatedMovie, Rating, Timestamp, type, builder);
        }

        return builder.Build();
    }
}
