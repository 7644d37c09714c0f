using CsCheck;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Tests.Doubles;

namespace ServerlessRec.Recommender.Tests.Catalogue;

public sealed class CatalogueLogTests
{
    private readonly InMemoryBlobStore _blobs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_are_read_back_in_their_order_from_any_position()
    {
        using var log = new CatalogueLog(_blobs);
        CatalogueChange[] changes =
        [
            CatalogueChange.Put(new Item { ItemId = "a", Categories = ["x"], Timestamp = TestCatalogue.Start, LabelsJson = "[1]", Comment = "é" }),
            CatalogueChange.PatchItem("a", new ItemPatch { IsHidden = true, LabelsJson = "null" }),
            CatalogueChange.AddCategory("a", "y"),
            CatalogueChange.RemoveCategory("a", "x"),
            CatalogueChange.Create(new Item { ItemId = "a", Categories = ["z"] }),
            CatalogueChange.Delete("a"),
            CatalogueChange.Create(new Item { ItemId = "a", Categories = ["z"] }),
        ];
        var end = await log.AppendAsync(changes, Cancel);
        var read = await ReadAsync(log, 0);
        Assert.Equal(changes.Select(c => c.Operation), read.Select(c => c.Change.Operation));
        Assert.Equal(end, read[^1].Position);
        Assert.Equal("é", read[0].Change.Item!.Comment);
        for (var i = 0; i < read.Count; i++)
        {
            Assert.Equal(read.Skip(i + 1).Select(c => c.Position), (await ReadAsync(log, read[i].Position)).Select(c => c.Position));
        }

        Item? item = null;
        string[] expected = ["x", "x hidden", "x,y hidden", "y hidden", "y hidden", "", "z"];
        for (var i = 0; i < changes.Length; i++)
        {
            item = read[i].Change.ApplyTo(item);
            Assert.Equal(expected[i], item is null ? "" : string.Join(',', item.Categories) + (item.IsHidden ? " hidden" : ""));
        }
    }

    [Fact]
    public async Task Many_writers_over_several_segments_lose_and_reorder_nothing()
    {
        var comment = new string('c', 20_000);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            async () =>
            {
                using var log = new CatalogueLog(_blobs);
                for (var i = 0; i < 60; i++)
                {
                    await log.AppendAsync([CatalogueChange.Put(new Item { ItemId = $"{writer}-{i}", Comment = comment })], Cancel);
                }
            },
            Cancel)));
        Assert.True(_blobs.Paths.Count >= 3);
        using var reader = new CatalogueLog(_blobs);
        var read = await ReadAsync(reader, 0);
        Assert.Equal(240, read.Count);
        for (var writer = 0; writer < 4; writer++)
        {
            var mine = read.Where(c => c.Change.ItemId.StartsWith($"{writer}-", StringComparison.Ordinal)).Select(c => c.Change.ItemId);
            Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{writer}-{i}"), mine);
        }

        await reader.PruneAsync(read[200].Position, Cancel);
        Assert.Equal(read[^1].Position, (await ReadAsync(reader, read[200].Position))[^1].Position);
        var pruned = await ReadAsync(reader, 0);
        Assert.True(pruned.Count < 240 && pruned.Count >= 39);
        await reader.AppendAsync([CatalogueChange.Delete("last")], Cancel);
        Assert.Equal("last", (await ReadAsync(reader, read[^1].Position))[0].Change.ItemId);
    }

    [Fact]
    public async Task A_write_that_failed_but_happened_can_be_repeated()
    {
        using var log = new CatalogueLog(_blobs);
        _blobs.AfterWrite = (_, _) => throw new BlobStoreException("timeout");
        await Assert.ThrowsAsync<BlobStoreException>(() => log.AppendAsync([CatalogueChange.Delete("a")], Cancel));
        _blobs.AfterWrite = null;
        await log.AppendAsync([CatalogueChange.Delete("a")], Cancel);
        Assert.Equal(2, (await ReadAsync(log, 0)).Count);
    }

    [Fact]
    public async Task A_change_that_breaks_a_rule_is_refused_and_nothing_of_its_batch_written()
    {
        using var log = new CatalogueLog(_blobs);
        foreach (var (bad, named) in ((CatalogueChange, string)[])
        [
            (CatalogueChange.Delete(""), "ItemId"),
            (CatalogueChange.Delete(new string('x', 257)), "ItemId"),
            (CatalogueChange.Put(new Item { ItemId = "a", LabelsJson = "{" }), "Labels"),
            (CatalogueChange.Put(new Item { ItemId = "a", Categories = [""] }), "Categories"),
            (CatalogueChange.AddCategory("a", ""), "Category"),
            (CatalogueChange.Put(new Item { ItemId = "a", Comment = new string('x', 2 << 20) }), "'a'"),
        ])
        {
            var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => log.AppendAsync([CatalogueChange.Delete("good"), bad], Cancel));
            Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_blobs.Paths);
    }

    [Fact]
    public async Task Every_flipped_byte_stops_the_reader_at_its_place_with_what_came_before()
    {
        using var log = new CatalogueLog(_blobs);
        var first = await log.AppendAsync([CatalogueChange.Delete("first")], Cancel);
        var end = await log.AppendAsync([CatalogueChange.Put(new Item { ItemId = "second" })], Cancel);
        var bytes = _blobs.Get(_blobs.Paths[0]);
        for (var at = first; at < end; at++)
        {
            bytes[at] ^= (byte)(1 << (int)(at % 8));
            var read = new List<LoggedChange>();
            var stopped = await Assert.ThrowsAsync<CatalogueLogException>(async () =>
            {
                await foreach (var change in log.ReadAsync(0, Cancel))
                {
                    read.Add(change);
                }
            });
            Assert.Equal(first, stopped.Offset);
            Assert.Equal(["first"], read.Select(c => c.Change.ItemId));
            bytes[at] ^= (byte)(1 << (int)(at % 8));
        }
    }

    [Fact]
    public void Any_bytes_are_a_change_or_an_error_and_never_a_crash() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        try
        {
            CatalogueFrame.TryRead(bytes, out _);
        }
        catch (InvalidDataException)
        {
            return;
        }
    });

    private static async Task<List<LoggedChange>> ReadAsync(CatalogueLog log, long position)
    {
        var read = new List<LoggedChange>();
        await foreach (var change in log.ReadAsync(position, Cancel))
        {
            read.Add(change);
        }

        return read;
    }
}
