using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.MovieLens;

/// <summary>
/// A MovieLens folder: `ratings.csv` (userId, movieId, rating, timestamp), `movies.csv` (movieId, title, genres by '|') and, when there,
/// `tags.csv`, whose tags become labels. Every rating is kept as feedback of type "rating" with its stars as value.
/// </summary>
internal static class MovieLensImporter
{
    private const string NoGenres = "(no genres listed)";

    public static async Task<Dataset> ImportAsync(string folder, CancellationToken cancellationToken)
    {
        var builder = new DatasetBuilder(DatasetName.Of(folder));
        var tags = await ReadTagsAsync(Path.Combine(folder, "tags.csv"), cancellationToken);
        await ReadMoviesAsync(Path.Combine(folder, "movies.csv"), tags, builder, cancellationToken);
        await ReadRatingsAsync(Path.Combine(folder, "ratings.csv"), builder, cancellationToken);
        return builder.Build();
    }

    private static async Task ReadMoviesAsync(
        string path, Dictionary<string, SortedSet<string>> tags, DatasetBuilder builder, CancellationToken cancellationToken)
    {
        using var rows = RowReader.OpenWithHeader(path, ',');
        var header = await rows.ReadHeaderAsync(cancellationToken);
        var (id, title, genres) = (header.Require("movieId"), header.Require("title"), header.Require("genres"));
        while (await rows.ReadAsync(cancellationToken))
        {
            var movieId = rows.Id(id).ToString();
            var listed = rows.Text(genres);
            var item = MovieItem.Create(movieId, rows.Text(title), listed == NoGenres ? "" : listed, tags.GetValueOrDefault(movieId));
            if (!builder.AddItem(item))
            {
                throw rows.Problem("movieId stands twice in this file");
            }
        }
    }

    private static async Task ReadRatingsAsync(string path, DatasetBuilder builder, CancellationToken cancellationToken)
    {
        using var rows = RowReader.OpenWithHeader(path, ',');
        var header = await rows.ReadHeaderAsync(cancellationToken);
        var (user, movie) = (header.Require("userId"), header.Require("movieId"));
        var (rating, timestamp) = (header.Require("rating"), header.Require("timestamp"));
        var type = builder.TypeNumber("rating");
        while (await rows.ReadAsync(cancellationToken))
        {
            RatingRow.Add(rows, user, movie, rating, timestamp, type, builder);
        }
    }

    private static async Task<Dictionary<string, SortedSet<string>>> ReadTagsAsync(string path, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return tags;
        }

        using var rows = RowReader.OpenWithHeader(path, ',');
        var header = await rows.ReadHeaderAsync(cancellationToken);
        var (movie, tag) = (header.Require("movieId"), header.Require("tag"));
        while (await rows.ReadAsync(cancellationToken))
        {
            var movieId = rows.Id(movie).ToString();
            if (!tags.TryGetValue(movieId, out var known))
            {
                tags.Add(movieId, known = new SortedSet<string>(StringComparer.Ordinal));
            }

            known.Add(rows.Text(tag).Trim().ToLowerInvariant());
        }

        return tags;
    }
}
