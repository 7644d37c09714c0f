using CsCheck;
using ServerlessRec.Recommender.Buffers;
using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Tests.Catalogue;

public sealed class ItemTableTests
{
    private static readonly string[] Names = ["Drama", "War", "Comedy", "日本", ""];

    private static readonly Gen<Item> AnyItem = Gen.Select(
        Gen.String[1, 12], Gen.Bool, Gen.Int[0, 4].Select(i => Names[i]).Array[0, 4], Gen.Long[-1, 3_000_000_000_000].Nullable(), Gen.String.Null(),
        Gen.String[0, 20], (id, hidden, categories, time, labels, comment) => new Item
        {
            ItemId = id,
            IsHidden = hidden,
            Categories = [.. categories.Distinct()],
            Timestamp = time is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(time.Value),
            LabelsJson = labels,
            Comment = comment,
        });

    private static readonly Gen<CatalogueRow[]> AnyRows =
        Gen.Select(AnyItem, Gen.Int[0, 1000], Gen.Float[0, 1e6f], (item, id, popularity) => new CatalogueRow(item, id, popularity)).Array[0, 60]
            .Select(rows => rows.DistinctBy(r => r.Item.ItemId).ToArray());

    [Fact]
    public void Rows_are_read_back_as_they_were_written() => AnyRows.Sample(rows =>
    {
        using var table = Open(Bytes(rows));
        Assert.Equal(rows.Length, table.Count);
        for (var row = 0; row < rows.Length; row++)
        {
            var read = table.Read(row);
            Assert.Equal(rows[row] with { Item = read.Item }, read);
            Assert.Equal(rows[row].Item with { Categories = read.Item.Categories }, read.Item);
            Assert.Equal(rows[row].Item.Categories, read.Item.Categories);
            Assert.True(table.TryFind(rows[row].Item.ItemId, out var found));
            Assert.Equal(row, found);
            Assert.True(table.TryFind(ItemHash.Of(rows[row].Item.ItemId), out found));
            Assert.Equal(row, found);
        }

        Assert.False(table.TryFind("this id is longer than any", out _));
        Assert.False(table.TryFind(42UL, out _));
    });

    [Fact]
    public void Orders_and_category_lists_are_those_of_the_rows() => AnyRows.Sample(rows =>
    {
        using var table = Open(Bytes(rows));
        var all = Enumerable.Range(0, rows.Length).ToArray();
        Assert.Equal(all.OrderByDescending(r => rows[r].Popularity), table.PopularOrder.ToArray());
        Assert.Equal(
            all.Where(r => rows[r].Item.Timestamp is not null).OrderByDescending(r => rows[r].Item.Timestamp!.Value.UtcTicks), table.LatestOrder.ToArray());
        foreach (var name in rows.SelectMany(r => r.Item.Categories).Distinct())
        {
            Assert.True(table.TryFindCategory(name, out var category));
            Assert.Equal(all.Where(r => rows[r].Item.Categories.Contains(name)), table.CategoryRows(category).ToArray());
        }

        Assert.False(table.TryFindCategory("no such category", out _));
    });

    [Fact]
    public void The_same_rows_give_the_same_bytes() => Assert.Equal(Bytes(Rows(50)), Bytes(Rows(50)));

    [Fact]
    public void A_duplicated_id_is_refused_and_named()
    {
        var refusal = Assert.Throws<ArgumentException>(() => Bytes([.. Rows(5), .. Rows(3)]));
        Assert.Contains("'item-0'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-1f)]
    [InlineData(float.PositiveInfinity)]
    public void A_popularity_that_is_no_weight_is_refused(float popularity) =>
        Assert.Throws<ArgumentException>(() => Bytes([Rows(1)[0] with { Popularity = popularity }]));

    [Fact]
    public void Every_flipped_byte_of_header_or_section_is_refused()
    {
        var bytes = Bytes(Rows(20));
        var missed = new List<int>();
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            if (Record.Exception(() => Open(bytes).Dispose()) is not ItemTableFormatException)
            {
                missed.Add(at);
            }

            bytes[at] ^= 0x10;
        }

        // Padding between sections holds nothing; the release's SHA-256 covers it.
        Assert.All(missed, at => Assert.Equal(0, bytes[at]));
        Assert.True(missed.Count < 20 * 64, $"{missed.Count} bytes may be flipped");
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var bytes = Bytes(Rows(20));
        for (var length = 0; length < bytes.Length; length += 7)
        {
            Assert.Throws<ItemTableFormatException>(() => Open(bytes[..length]));
        }
    }

    private static CatalogueRow[] Rows(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new CatalogueRow(
            new Item { ItemId = $"item-{i}", Categories = i % 2 == 0 ? ["even"] : ["odd", "prime?"], Comment = $"Title {i}", LabelsJson = $$"""{"n":{{i}}}""" }, i, i)),
    ];

    private static byte[] Bytes(CatalogueRow[] rows)
    {
        using var stream = new MemoryStream();
        ItemTableWriter.Write(rows, stream);
        return stream.ToArray();
    }

    private static ItemTable Open(byte[] bytes)
    {
        var buffer = new NativeBuffer(bytes.Length);
        bytes.CopyTo(buffer.Span(0, bytes.Length));
        return ItemTable.Open(buffer);
    }
}
