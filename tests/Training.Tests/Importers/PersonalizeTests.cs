using ServerlessRec.Training.Importers;

namespace ServerlessRec.Training.Tests.Importers;

public sealed class PersonalizeTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_single_file_of_interactions_is_enough()
    {
        using var folder = new SourceFolder();
        var path = folder.Write("clicks.csv", "USER_ID,ITEM_ID,TIMESTAMP\nu1,i1,200\nu1,i2,100\n");

        var dataset = await DatasetImporter.ImportAsync(path, cancellationToken: Stop);

        Assert.Equal("clicks", dataset.Name);
        Assert.Equal(["i2", "i1"], dataset.Interactions.Select(i => dataset.Items[i.Item].ItemId));
        Assert.Equal(["interaction"], dataset.FeedbackTypes);
        Assert.All(dataset.Interactions, i => Assert.Equal(1, i.Value));
    }

    [Fact]
    public async Task Event_types_and_values_are_kept_and_an_empty_value_is_one()
    {
        using var folder = new SourceFolder();
        var path = folder.Write("i.csv", "ITEM_ID,USER_ID,EVENT_TYPE,EVENT_VALUE,TIMESTAMP,DEVICE\ni,u,click,,1,phone\ni,u,watch,0.75,2,\n");

        var dataset = await DatasetImporter.ImportAsync(path, cancellationToken: Stop);

        Assert.Equal([("click", 1f), ("watch", 0.75f)], dataset.Interactions.Select(i => (dataset.FeedbackTypes[i.Type], i.Value)));
    }

    [Fact]
    public async Task Files_of_a_folder_are_told_apart_by_their_headers()
    {
        using var folder = new SourceFolder();
        folder.Write("a.csv", "USER_ID,AGE,CITY\nu1,30,\n");
        folder.Write("b.csv", "USER_ID,ITEM_ID,TIMESTAMP\nu1,i1,200\nu2,i9,300\n");
        folder.Write(
            "c.csv",
            "ITEM_ID,TITLE,GENRES,CATEGORY_L2,PRICE,SKU,TAGS,CREATION_TIMESTAMP\ni1,\"Cups, red\",Home|Kitchen,Kitchen|Cups,2.5,007,red|round,86400\n");

        var dataset = await DatasetImporter.ImportAsync(folder.Root, cancellationToken: Stop);

        var item = dataset.Items[0];
        Assert.Equal("Cups, red", item.Comment);
        Assert.Equal(["Home", "Kitchen", "Cups"], item.Categories);
        Assert.Equal("""{"PRICE":2.5,"SKU":"007","TAGS":["red","round"]}""", item.LabelsJson);
        Assert.Equal(new DateTimeOffset(1970, 1, 2, 0, 0, 0, TimeSpan.Zero), item.Timestamp);
        Assert.Equal("""{"AGE":30}""", dataset.Users[0].LabelsJson);
        Assert.Equal("i9", dataset.Items[1].ItemId);
        Assert.Equal("u2", dataset.Users[1].UserId);
    }

    [Fact]
    public async Task Windows_line_ends_a_byte_order_mark_and_lower_case_names_are_read()
    {
        using var folder = new SourceFolder();
        var path = folder.Write("i.csv", "\uFEFFuser_id,item_id,timestamp\r\nu,i,5\r\n");

        var dataset = await DatasetImporter.ImportAsync(path, cancellationToken: Stop);

        Assert.Equal(5000, Assert.Single(dataset.Interactions).UnixMilliseconds);
        Assert.Equal("u", dataset.Users[0].UserId);
    }

    [Fact]
    public async Task A_named_form_wins_over_the_file_names()
    {
        using var folder = new SourceFolder();
        folder.Write("ratings.csv", "USER_ID,ITEM_ID,TIMESTAMP\nu,i,5\n");

        var dataset = await DatasetImporter.ImportAsync(folder.Root, DatasetFormat.Personalize, Stop);

        Assert.Single(dataset.Interactions);
    }
}
