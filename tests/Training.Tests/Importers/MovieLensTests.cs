using ServerlessRec.Training.Importers;

namespace ServerlessRec.Training.Tests.Importers;

public sealed class MovieLensTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Titles_genres_years_and_tags_become_items()
    {
        using var folder = new SourceFolder();
        folder.Write("movies.csv", "movieId,title,genres\n1,\"Usual Suspects, The (1995)\",Crime|Thriller\n2,Babylon 5,(no genres listed)\n");
        folder.Write("tags.csv", "userId,movieId,tag,timestamp\n9,1,Twist,5\n8,1,twist,6\n8,1,noir,6\n");
        folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n7,1,4.5,100\n");

        var dataset = await DatasetImporter.ImportAsync(folder.Root, cancellationToken: Stop);

        Assert.Equal("Usual Suspects, The (1995)", dataset.Items[0].Comment);
        Assert.Equal(["Crime", "Thriller"], dataset.Items[0].Categories);
        Assert.Equal("""{"year":1995,"tags":["noir","twist"]}""", dataset.Items[0].LabelsJson);
        Assert.Equal(new DateTimeOffset(1995, 1, 1, 0, 0, 0, TimeSpan.Zero), dataset.Items[0].Timestamp);
        Assert.Empty(dataset.Items[1].Categories);
        Assert.Null(dataset.Items[1].LabelsJson);
        Assert.Null(dataset.Items[1].Timestamp);
    }

    [Fact]
    public async Task Ratings_come_in_the_order_of_their_timestamps_and_keep_their_stars()
    {
        using var folder = new SourceFolder();
        folder.Write("movies.csv", "movieId,title,genres\n1,A,x\n2,B,x\n");
        folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n7,1,4.5,300\n8,2,0.5,100\n7,2,3,300\n");

        var dataset = await DatasetImporter.ImportAsync(folder.Root, cancellationToken: Stop);

        Assert.Equal(["8", "7", "7"], dataset.Interactions.Select(i => dataset.Users[i.User].UserId));
        Assert.Equal(["2", "1", "2"], dataset.Interactions.Select(i => dataset.Items[i.Item].ItemId));
        Assert.Equal([0.5f, 4.5f, 3f], dataset.Interactions.Select(i => i.Value));
        Assert.Equal([100_000L, 300_000L, 300_000L], dataset.Interactions.Select(i => i.UnixMilliseconds));
        Assert.Equal(["rating"], dataset.FeedbackTypes);
    }

    [Fact]
    public async Task MovieLens_latest_small_has_the_counts_of_its_readme()
    {
        var dataset = await DatasetImporter.ImportAsync(SharedData.Require("ml-latest-small"), cancellationToken: Stop);

        Assert.Equal("ml-latest-small", dataset.Name);
        Assert.Equal(610, dataset.Users.Count);
        Assert.Equal(9742, dataset.Items.Count);
        Assert.Equal(100_836, dataset.Interactions.Count);
    }

    [Fact]
    public async Task MovieTweetings_100k_is_read_with_foreign_titles()
    {
        var dataset = await DatasetImporter.ImportAsync(SharedData.Require("movietweetings-100k"), cancellationToken: Stop);

        Assert.Equal(100_000, dataset.Interactions.Count);
        Assert.Equal(10_506, dataset.Items.Count);
        Assert.Contains(dataset.Items, item => item.Comment == "Fantômas - À l'ombre de la guillotine (1913)");
    }
}
