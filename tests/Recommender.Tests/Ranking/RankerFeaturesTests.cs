using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.Ranking;

public sealed class RankerFeaturesTests
{
    // A Thursday.
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 22, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Every_field_says_what_it_is_named_for()
    {
        var items = new FixedItems(
            new RankedItem(1, Now.AddDays(-2).UtcTicks, CategoryHash.Mask(["War", "Drama"])),
            new RankedItem(.2f, null, CategoryHash.Mask(["Drama"])),
            new RankedItem(0, Now.AddYears(5).UtcTicks, 0));
        HistoryEntry[] history = [Entry(1, -50), Entry(77, -30), Entry(0, -2)];
        var inputs = Encode(items, history, new Neighbor(0, .9f), new Neighbor(1, .5f), new Neighbor(2, .4f));
        Assert.Equal([2, 7, 4, 2, 0, 4, 0, 2, 6], Values(inputs, 0));
        Assert.Equal([2, 7, 4, 2, 2, 10, 2, 2, 6], Values(inputs, 1));
        Assert.Equal([2, 7, 4, 2, 15, 0, 3, 1, 1], Values(inputs, 2));
        Assert.Equal([0f, -.4f, -.5f], inputs.ScoreSteps.ToArray().Select(step => MathF.Round(step, 6)));
        Assert.Equal([.5f, .5f, 0, 0], inputs.CategoryWeights.ToArray()[..4]);
        Assert.Equal([1f, 0], inputs.CategoryWeights.ToArray()[8..10]);
        Assert.Equal(new float[8], inputs.CategoryWeights.ToArray()[16..]);
        Assert.Contains(inputs.CategoryRows.ToArray()[8], inputs.CategoryRows.ToArray()[..2]);
    }

    [Fact]
    public void Without_a_history_the_user_is_unknown_and_buffers_of_the_request_before_do_not_show()
    {
        var items = new FixedItems(new RankedItem(1, null, CategoryHash.Mask(["War", "Drama"])), new RankedItem(1, null, 0));
        var inputs = new RankerInputs();
        RankerFeatures.Encode(items, [Entry(0, -1)], Now, [new(0, 1), new(0, .5f)], 4, inputs);
        RankerFeatures.Encode(items, [], Now, [new(1, 1)], 4, inputs);
        Assert.Equal((0, 10, 0, 0), (Values(inputs, 0)[0], Values(inputs, 0)[3], Values(inputs, 0)[7], Values(inputs, 0)[8]));
        Assert.All(inputs.CategoryRows.ToArray(), row => Assert.Equal(0, row));
        Assert.All(inputs.CategoryWeights.ToArray(), weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void No_value_of_any_field_leaves_its_rows()
    {
        var starts = Enumerable.Range(0, RankerFields.Count).Select(field => RankerFields.Row(field, 0)).Append(RankerFields.CategoryRow(0)).ToArray();
        foreach (var extreme in (int[])[0, 1, 5, 200, int.MaxValue])
        {
            Within(RankerFields.HistoryLength, RankerFields.HistoryBucket(extreme));
            Within(RankerFields.Rank, RankerFields.RankBucket(extreme));
            Within(RankerFields.SinceLast, RankerFields.SpanBucket(extreme * (long)int.MaxValue));
            Within(RankerFields.Age, RankerFields.SpanBucket(-(extreme * (long)int.MaxValue)));
            Within(RankerFields.HourSlot, RankerFields.HourBucket(Now.AddHours(extreme % 24)));
            Within(RankerFields.Popularity, RankerFields.PopularityBucket(extreme / 100f));
            Within(RankerFields.HistoryCategory, RankerFields.ShareBucket(extreme / (float)int.MaxValue));
        }

        Within(RankerFields.Popularity, RankerFields.PopularityBucket(1e-30f));
        Within(RankerFields.Popularity, RankerFields.PopularityBucket(float.NaN));
        Within(RankerFields.SinceLast, RankerFields.SpanBucket(null));
        Assert.Equal(RankerFields.Rows - 1, RankerFields.ScoreRow);
        Assert.Equal(RankerFields.ScoreRow, RankerFields.CategoryRow(CategoryHash.Count));

        void Within(int field, int value) => Assert.InRange(RankerFields.Row(field, value), starts[field], starts[field + 1] - 1);
    }

    // Exported rankers and releases live by them.
    [Fact]
    public void Rows_and_hashes_of_format_1_never_change()
    {
        Assert.Equal([1, 10, 18, 25, 36, 52, 63, 79, 82], Enumerable.Range(0, RankerFields.Count).Select(field => RankerFields.Row(field, 0)));
        Assert.Equal((89, 217, 218), (RankerFields.CategoryRow(0), RankerFields.ScoreRow, RankerFields.Rows));
        Assert.Equal((59, 98, 25), (CategoryHash.Of("Drama"), CategoryHash.Of("War"), CategoryHash.Of("")));
    }

    [Fact]
    public async Task Items_of_a_release_read_as_their_rows_do_changed_and_new_ones_too()
    {
        var blobs = new InMemoryBlobStore();
        var rows = TestCatalogue.Rows(40);
        var manifest = await new ReleaseStore(blobs, TimeProvider.System).PublishAsync(TestCatalogue.Draft(rows), null, TestContext.Current.CancellationToken);
        using var release = await new ReleaseLoader(blobs).LoadAsync(manifest.Id, cancellationToken: TestContext.Current.CancellationToken);
        release.Catalogue.Apply(
            [
                CatalogueChange.PatchItem("item-4", new ItemPatch { Categories = ["Comedy"] }),
                CatalogueChange.Put(new Item { ItemId = "new", Categories = ["War"], Timestamp = Now, LabelsJson = rows[1].Item.LabelsJson }),
            ],
            1,
            TestContext.Current.CancellationToken);
        var items = release.RankedItems.Value;
        for (var row = 0; row < rows.Length; row++)
        {
            Assert.Equal(row == 4 ? RankedItem.Of(rows[4], 40) with { Categories = CategoryHash.Mask(["Comedy"]) } : RankedItem.Of(rows[row], 40), items.Read(row));
        }

        Assert.True(items.TryFind(ItemHash.Of("new"), out var added));
        Assert.Equal(new RankedItem(0, Now.UtcTicks, CategoryHash.Mask(["War"])), items.Read(added));
    }

    private static RankerInputs Encode(IRankedItems items, HistoryEntry[] history, params Neighbor[] candidates)
    {
        var inputs = new RankerInputs();
        RankerFeatures.Encode(items, history, Now, candidates, 4, inputs);
        return inputs;
    }

    private static HistoryEntry Entry(int item, double hours) => new($"item-{item}", "click", 1, Now.AddHours(hours));

    private static int[] Values(RankerInputs inputs, int candidate) =>
        [.. Enumerable.Range(0, RankerFields.Count).Select(field => (int)inputs.FieldRows.Span[(candidate * RankerFields.Count) + field] - RankerFields.Row(field, 0))];

    private sealed class FixedItems(params RankedItem[] items) : IRankedItems
    {
        public RankedItem Read(int ordinal) => items[ordinal];

        public bool TryFind(ulong itemHash, out int ordinal)
        {
            ordinal = Array.FindIndex(items, item => ItemHash.Of($"item-{Array.IndexOf(items, item)}") == itemHash);
            return ordinal >= 0;
        }
    }
}
