using ServerlessRec.Training.Importers;
using ServerlessRec.Training.Tests.Importers;

namespace ServerlessRec.Training.Tests.Evaluation;

public sealed class GivenSplitTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_of_items_give_the_cases_of_a_published_split()
    {
        using var folder = new SourceFolder();
        var files = new GivenFiles(
            folder.Write("train.txt", "0 10 11 12\n1 11\n"), folder.Write("test.txt", "0 13 14\n1\n2 10\n"), folder.Write("valid.txt", "0 15\n"));

        var split = await GivenSplitImporter.ImportAsync(files, Stop);

        var ids = split.Dataset.Items.Select(item => item.ItemId).ToArray();
        Assert.Equal(["10", "11", "12", "11"], split.Train.OrderBy(i => i.User).Select(i => ids[i.Item]));
        Assert.Equal(5, split.BeforeTest.Count);
        Assert.Equal([["13", "14"], ["10"]], split.Test.Select(c => c.Targets.Select(item => ids[item])));
        Assert.Equal(["10", "11", "12", "15"], split.Test[0].History.ToArray().Select(i => ids[i.Item]).Order());
        Assert.Equal(0, split.Test[1].History.Length);
        Assert.Equal(["15"], Assert.Single(split.Validation).Targets.Select(item => ids[item]));
        Assert.Equal(3, Assert.Single(split.Validation).History.Length);
    }

    [Fact]
    public async Task Without_a_validation_file_a_part_of_the_train_file_is_held_back_for_validation_only()
    {
        using var folder = new SourceFolder();
        var train = string.Join('\n', Enumerable.Range(0, 50).Select(user => $"u{user} " + string.Join(' ', Enumerable.Range(user, 20).Select(i => $"i{i}"))));
        var split = await GivenSplitImporter.ImportAsync(
            new GivenFiles(folder.Write("train.txt", train), folder.Write("test.txt", "u0 i60 i61\n")), Stop);

        Assert.Equal(1000, split.BeforeTest.Count);
        Assert.InRange(split.Train.Count, 850, 950);
        Assert.Equal(1000 - split.Train.Count, split.Validation.Sum(c => c.Targets.Count));
        Assert.Equal(20, Assert.Single(split.Test).History.Length);
        Assert.False(split.IsOrdered);
    }

    [Fact]
    public async Task A_test_of_one_item_a_user_asks_for_the_last_one_and_so_does_validation()
    {
        using var folder = new SourceFolder();
        var split = await GivenSplitImporter.ImportAsync(
            new GivenFiles(folder.Write("train.txt", "u a b c d e\nv b c a e d\nw a b c d\n"), folder.Write("test.txt", "u f\nv f\nw f\n")), Stop);

        var ids = split.Dataset.Items.Select(item => item.ItemId).ToArray();
        Assert.True(split.IsOrdered);
        Assert.Equal(["e", "d"], split.Validation.Select(one => ids[Assert.Single(one.Targets)]));
        Assert.All(split.Validation, one => Assert.Equal(4, one.History.Length));
    }

    [Fact]
    public async Task A_test_that_comes_after_the_train_items_holds_back_as_many_last_ones_as_it_asks_for()
    {
        using var folder = new SourceFolder();
        string Rows(string user, int from, int count) => string.Concat(Enumerable.Range(from, count).Select(day => $"{user},{(char)('a' + day)},{day * 86400}\n"));
        const string header = "USER_ID,ITEM_ID,TIMESTAMP\n";
        var split = await GivenSplitImporter.ImportAsync(
            new GivenFiles(
                folder.Write("train.csv", header + Rows("u", 0, 8) + Rows("v", 0, 6)), folder.Write("test.csv", header + Rows("u", 8, 2) + Rows("v", 6, 9))),
            Stop);

        var ids = split.Dataset.Items.Select(item => item.ItemId).ToArray();
        Assert.True(split.IsOrdered);
        Assert.Equal(["gh", "def"], split.Validation.Select(one => string.Concat(one.Targets.Select(item => ids[item]).Order())));
    }

    [Fact]
    public async Task A_user_of_many_lines_goes_on_where_the_last_one_ended()
    {
        using var folder = new SourceFolder();
        var split = await GivenSplitImporter.ImportAsync(
            new GivenFiles(folder.Write("train.txt", "u c\nv a\nu b\nu a\n"), folder.Write("test.txt", "u d\n")), Stop);

        var ids = split.Dataset.Items.Select(item => item.ItemId).ToArray();
        Assert.Equal(["c", "b", "a"], Assert.Single(split.Test).History.ToArray().Select(one => ids[one.Item]));
    }

    [Fact]
    public async Task Personalize_files_keep_their_times()
    {
        using var folder = new SourceFolder();
        const string header = "USER_ID,ITEM_ID,TIMESTAMP\n";
        var split = await GivenSplitImporter.ImportAsync(
            new GivenFiles(folder.Write("train.csv", header + "u,b,200\nu,a,100\n"), folder.Write("test.csv", header + "u,c,300\n")), Stop);

        Assert.Equal([100_000L, 200_000L], Assert.Single(split.Test).History.ToArray().Select(i => i.UnixMilliseconds));
        Assert.Equal(300_000L, split.Test[0].AskedAt);
    }

    [Fact]
    public async Task An_empty_file_and_a_bad_line_are_named()
    {
        using var folder = new SourceFolder();
        var good = folder.Write("good.txt", "u a b\n");
        var empty = folder.Write("empty.txt", "\n");
        var bad = folder.Write("bad.txt", "u a\n\nu \u0001\n");
        var binary = folder.Write("binary.txt", [0x75, 0x20, 0xFF, 0xFE]);

        await Fails(new GivenFiles(good, empty), $"{empty}: there is no interaction");
        await Fails(new GivenFiles(good, bad), $"{bad}:3: an id holds a control character");
        await Fails(new GivenFiles(binary, good), $"{binary}:1: the line is not valid UTF-8");

        static async Task Fails(GivenFiles files, string message) => Assert.StartsWith(
            message, (await Assert.ThrowsAsync<ImportException>(() => GivenSplitImporter.ImportAsync(files, Stop))).Message, StringComparison.Ordinal);
    }
}
