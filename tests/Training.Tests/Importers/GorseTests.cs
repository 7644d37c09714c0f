using ServerlessRec.Training.Importers;

namespace ServerlessRec.Training.Tests.Importers;

public sealed class GorseTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Users_items_and_feedback_are_read()
    {
        using var folder = new SourceFolder();
        folder.Write("users.jsonl", """{"UserId":"u1","Labels":{"a":[1,2]},"Subscribe":null,"Comment":"hi"}""" + "\n");
        folder.Write(
            "items.jsonl",
            """{"ItemId":"i1","IsHidden":true,"Categories":["x","y","x"],"Timestamp":"2026-01-02T03:04:05.123456789Z","Labels":{"k":"v"},"Comment":"Über"}"""
            + "\r\n" + """{"ItemId":"i2","Categories":null,"Timestamp":"0001-01-01T00:00:00Z","Labels":null}""");
        folder.Write(
            "feedback.jsonl",
            """{"FeedbackType":"like","UserId":"u2","ItemId":"i1","Value":2.5,"Timestamp":"2026-01-02T03:04:05+02:00","Comment":""}""" + "\n"
            + """{"FeedbackType":"read","UserId":"u1","ItemId":"i3","Timestamp":"2026-01-01"}""" + "\n");

        var dataset = await DatasetImporter.ImportAsync(folder.Root, cancellationToken: Stop);

        var item = dataset.Items[0];
        Assert.True(item.IsHidden);
        Assert.Equal(["x", "y"], item.Categories);
        Assert.Equal("Über", item.Comment);
        Assert.Equal("""{"k":"v"}""", item.LabelsJson);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), item.Timestamp);
        Assert.Null(dataset.Items[1].Timestamp);
        Assert.Null(dataset.Items[1].LabelsJson);
        Assert.Equal("""{"a":[1,2]}""", dataset.Users[0].LabelsJson);
        Assert.Equal([("read", 1f), ("like", 2.5f)], dataset.Interactions.Select(i => (dataset.FeedbackTypes[i.Type], i.Value)));
        Assert.Equal(
            new DateTimeOffset(2026, 1, 2, 1, 4, 5, TimeSpan.Zero).ToUnixTimeMilliseconds(), dataset.Interactions[1].UnixMilliseconds);
    }

    [Fact]
    public async Task Lines_longer_than_the_read_buffer_are_read_whole()
    {
        using var folder = new SourceFolder();
        var comment = new string('c', 300_000);
        folder.Write("items.jsonl", $$"""{"ItemId":"i1","Comment":"{{comment}}"}""" + "\n" + """{"ItemId":"i2"}""" + "\n");
        folder.Write("feedback.jsonl", """{"FeedbackType":"like","UserId":"u","ItemId":"i1","Timestamp":"2026-01-01 10:00:00"}""");

        var dataset = await DatasetImporter.ImportAsync(folder.Root, cancellationToken: Stop);

        Assert.Equal(300_000, dataset.Items[0].Comment.Length);
        Assert.Equal("i2", dataset.Items[1].ItemId);
    }
}
